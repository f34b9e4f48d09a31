using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>A process without privileges that relays packets.</summary>
public sealed record RelayWorker
{
    /// <summary>Its index, from 0.</summary>
    public int Index { get; set; }

    /// <summary>The process; null while there is none.</summary>
    public int? ProcessId { get; set; }

    /// <summary>The core it is pinned to; null when it may run on any.</summary>
    public int? Core { get; set; }

    /// <summary>The NUMA node of that core; null where the kernel names none.</summary>
    public int? NumaNode { get; set; }

    /// <summary>Interfaces it receives from.</summary>
    public string[] Interfaces { get; set; } = [];

    /// <summary>Rules it has.</summary>
    public int RuleCount { get; set; }

    /// <summary>What it does.</summary>
    public RelayWorkerState State { get; set; }

    /// <summary>Why the state is what it is, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>How often it was started anew since the engine's start.</summary>
    public int Restarts { get; set; }

    /// <summary>When the process started; null while there is none.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it last answered the health check, which is every 250 ms; null before the first answer.</summary>
    public DateTimeOffset? LastReport { get; set; }

    /// <summary>Bytes of resident memory, rings included; null while there is no process.</summary>
    public long? ResidentBytes { get; set; }

    /// <summary>Whether the rules it holds are those it should, by the hash it computes from its own table; null before the first answer.</summary>
    public bool? InDesiredState { get; set; }

    /// <summary>How much it writes to the engine's log.</summary>
    public EngineLogLevel LogLevel { get; set; } = EngineLogLevel.Information;
}

/// <summary>What a worker of the relay does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayWorkerState>))]
public enum RelayWorkerState
{
    /// <summary>Its process is being started and given its rules.</summary>
    Starting,

    /// <summary>It relays.</summary>
    Running,

    /// <summary>It did not answer the last health checks, and is about to be started anew.</summary>
    Stuck,

    /// <summary>It ended and waits to be started anew, 250 ms to 16 s.</summary>
    Restarting,

    /// <summary>No rule needs it.</summary>
    Idle,

    /// <summary>It is started and takes the place of a worker that ends, so that the rules of that one are silent for less long.</summary>
    Standby,
}
