using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Something that happened in the engine.</summary>
public sealed record EngineEvent
{
    /// <summary>Its number, counted from 1 at every start of the engine.</summary>
    public long Sequence { get; set; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>What kind of thing happened: a stable id, Pascal case, such as <c>PathFailed</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>The part of the engine it belongs to: engine, configuration, firewall, paths, access.</summary>
    public required string Area { get; init; }

    /// <summary>How much it matters.</summary>
    public EventSeverity Severity { get; set; }

    /// <summary>What happened, for people.</summary>
    public required string Message { get; init; }

    /// <summary>What it happened to: the name of a rule, path or route, or null.</summary>
    public string? Target { get; set; }

    /// <summary>Who caused it, or null when the engine did.</summary>
    public string? Actor { get; set; }

    /// <summary>The generation of the configuration at that time.</summary>
    public long Generation { get; set; }
}

/// <summary>How much an event matters.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EventSeverity>))]
public enum EventSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Error,
}

/// <summary>Asks for events that happened.</summary>
/// <param name="Areas">Only these areas; null or empty means all.</param>
/// <param name="EventIds">Only these ids, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Since">Only those after this time; null means all that are kept.</param>
/// <param name="Newest">At most so many, the newest; null means all that are kept.</param>
public sealed record ListEvents(string[]? Areas = null, string[]? EventIds = null, DateTimeOffset? Since = null, int? Newest = null);

/// <summary>Asks for events as they happen.</summary>
/// <param name="Areas">Only these areas; null or empty means all.</param>
/// <param name="EventIds">Only these ids, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="AfterSequence">Begin with those kept after this number; null begins now.</param>
public sealed record WatchEvents(string[]? Areas = null, string[]? EventIds = null, long? AfterSequence = null);
