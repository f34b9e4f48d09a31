using Net.Contracts;

namespace Net.Engine.Access;

/// <summary>Who makes a change: the name for the record, the role for what is allowed.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role">The role at the time of the call.</param>
internal sealed record Actor(string Name, EngineRole Role)
{
    /// <summary>The engine itself.</summary>
    public static Actor Engine { get; } = new("engine", EngineRole.Admin);
}
