using Net.Contracts;

namespace Net.Engine;

/// <summary>Log levels that change while the engine runs. The host's logging asks here before it writes.</summary>
public interface ILogLevels
{
    /// <summary>The levels set, by area; <c>*</c> is every other.</summary>
    IReadOnlyDictionary<string, EngineLogLevel> Levels { get; }

    /// <summary>Sets the level of an area, or takes it back with null.</summary>
    /// <exception cref="EngineException">There is no such area.</exception>
    void Set(string area, EngineLogLevel? level);
}
