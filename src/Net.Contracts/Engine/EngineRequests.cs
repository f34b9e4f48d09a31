using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The first call of every connection.</summary>
/// <param name="ProtocolVersion">The version the client speaks, <c>major.minor</c>. The majors must be equal.</param>
/// <param name="ClientName">Which program calls, for logs.</param>
/// <param name="ClientVersion">Its version, for logs.</param>
public sealed record Hello(string ProtocolVersion, string ClientName, string ClientVersion);

/// <summary>The engine's answer to a hello.</summary>
/// <param name="ProtocolVersion">The version the engine speaks.</param>
/// <param name="EngineVersion">The engine's release.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="User">Who the engine takes the caller for.</param>
public sealed record HelloReply(string ProtocolVersion, string EngineVersion, EngineRole Role, string User);

/// <summary>Asks for the engine's status.</summary>
public sealed record GetStatus();

/// <summary>What the engine is and does.</summary>
public sealed record EngineStatus
{
    /// <summary>The engine's release.</summary>
    public required string Version { get; init; }

    /// <summary>The protocol version it speaks.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>What it is doing.</summary>
    public EngineState State { get; set; }

    /// <summary>Why, when it is not simply ready.</summary>
    public string? StateReason { get; set; }

    /// <summary>The process id.</summary>
    public int ProcessId { get; set; }

    /// <summary>The user the process runs as.</summary>
    public required string RunsAs { get; init; }

    /// <summary>When the process started.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>How long it took from the start of the process until it served.</summary>
    public TimeSpan StartDuration { get; set; }

    /// <summary>The socket it serves.</summary>
    public required string Socket { get; init; }

    /// <summary>The generation of the configuration in force.</summary>
    public long Generation { get; set; }

    /// <summary>When the change that waits for confirmation is rolled back; null when none waits.</summary>
    public DateTimeOffset? ConfirmBy { get; set; }

    /// <summary>What the process may do to the kernel.</summary>
    public required PrivilegeStatus Privileges { get; init; }

    /// <summary>The parts of the engine.</summary>
    public SubsystemStatus[] Subsystems { get; set; } = [];

    /// <summary>Connected clients, the caller included.</summary>
    public int ClientCount { get; set; }

    /// <summary>Memory in use, bytes.</summary>
    public long ResidentBytes { get; set; }

    /// <summary>Log level of each area that differs from the default, and of <c>*</c>.</summary>
    public IReadOnlyDictionary<string, EngineLogLevel> LogLevels { get; set; } = new Dictionary<string, EngineLogLevel>();

    /// <summary>Settings a policy of the administrator locks.</summary>
    public LockedSetting[] Locked { get; set; } = [];
}

/// <summary>What the engine is doing.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EngineState>))]
public enum EngineState
{
    /// <summary>It loads its state.</summary>
    Starting,

    /// <summary>It serves, and actual equals desired.</summary>
    Ready,

    /// <summary>It serves, but something desired is not in force; the subsystems say what.</summary>
    Degraded,

    /// <summary>It serves reads only, because it could not load its state.</summary>
    ReadOnly,

    /// <summary>It ends running calls and takes no new ones.</summary>
    Stopping,
}

/// <summary>What a process may do, read from the kernel.</summary>
/// <param name="EffectiveCapabilities">The capabilities it holds, in every thread.</param>
/// <param name="BoundingCapabilities">The capabilities it could ever regain.</param>
/// <param name="NoNewPrivileges">Whether no program it starts can gain any.</param>
/// <param name="Threads">Threads that were looked at; all agree, or the status says otherwise.</param>
/// <param name="Remark">What is wider than it needs to be and why, or null.</param>
public sealed record PrivilegeStatus(string[] EffectiveCapabilities, string[] BoundingCapabilities, bool NoNewPrivileges, int Threads, string? Remark = null);

/// <summary>A part of the engine.</summary>
/// <param name="Name">Its name, such as <c>firewall</c>.</param>
/// <param name="InDesiredState">Whether actual equals desired.</param>
/// <param name="Reason">What it does, or why it is not in the desired state.</param>
public sealed record SubsystemStatus(string Name, bool InDesiredState, string Reason);

/// <summary>How much an area of the engine writes to its log.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EngineLogLevel>))]
public enum EngineLogLevel
{
    /// <summary>Everything, per message.</summary>
    Trace,

    /// <summary>Decisions.</summary>
    Debug,

    /// <summary>What an operator wants to know.</summary>
    Information,

    /// <summary>Surprises.</summary>
    Warning,

    /// <summary>Failures.</summary>
    Error,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Sets a log level until the engine stops.</summary>
/// <param name="Area">The area, or <c>*</c> for all others.</param>
/// <param name="Level">The level; null goes back to the default.</param>
public sealed record SetLogLevel(string Area, EngineLogLevel? Level = null);

/// <summary>Asks the engine to end running calls and stop. Rules and routes stay in force.</summary>
/// <param name="Remove">Whether to take the engine's rules and routes out of the kernel as well; the configuration is kept.</param>
public sealed record StopEngine(bool Remove = false);

/// <summary>Asks for the schema of the API.</summary>
public sealed record GetApiSchema();

/// <summary>A text.</summary>
/// <param name="Text">The text.</param>
public sealed record TextReply(string Text);

/// <summary>An answer without content.</summary>
public sealed record Done();
