using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine;

namespace Net.Service;

/// <summary>Log levels by area that change while the engine runs. An area is the part after <c>Net.Engine.</c> of a category, such as <c>firewall</c>.</summary>
internal sealed class LogLevelSwitch(EngineLogLevel initial) : ILogLevels
{
    /// <summary>The areas there are.</summary>
    public static readonly ImmutableArray<string> Areas = ["access", "configuration", "events", "firewall", "metrics", "overlay", "paths", "reconciling", "relay", "rpc", "secrets"];

    private const string Everything = "*";
    private const string Prefix = "Net.Engine.";
    private volatile ImmutableDictionary<string, EngineLogLevel> _levels =
        ImmutableDictionary.Create<string, EngineLogLevel>(StringComparer.OrdinalIgnoreCase).Add(Everything, initial);

    /// <inheritdoc />
    public IReadOnlyDictionary<string, EngineLogLevel> Levels => _levels;

    /// <inheritdoc />
    public void Set(string area, EngineLogLevel? level)
    {
        if (area != Everything && !Areas.Contains(area, StringComparer.OrdinalIgnoreCase))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"There is no area '{area}' to log; there are {string.Join(", ", Areas)} and *.", area);
        }

        _levels = level is { } wanted
            ? _levels.SetItem(area, wanted)
            : area == Everything ? _levels.SetItem(Everything, initial) : _levels.Remove(area);
    }

    /// <summary>Whether a message of a category is written.</summary>
    public bool IsEnabled(string? category, LogLevel level)
    {
        ImmutableDictionary<string, EngineLogLevel> levels = _levels;
        EngineLogLevel least = levels[Everything];
        if (levels.Count > 1 && category is not null && category.StartsWith(Prefix, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> rest = category.AsSpan(Prefix.Length);
            int dot = rest.IndexOf('.');
            if (dot > 0 && levels.TryGetValue(rest[..dot].ToString(), out EngineLogLevel own))
            {
                least = own;
            }
        }

        return least != EngineLogLevel.None && (int)level >= (int)least;
    }
}
