using Microsoft.Extensions.Logging;
using Net.Engine.Events;
using Net.Engine.Overlay.Stores;
using Net.Platform;

namespace Net.Engine.Overlay.Runtime;

/// <summary>What every overlay of an engine shares.</summary>
internal sealed record OverlayContext
{
    /// <summary>The host.</summary>
    public required IOverlayHost Host { get; init; }

    /// <summary>Node keys.</summary>
    public required IdentityStore Identities { get; init; }

    /// <summary>Networks whose signing key is here.</summary>
    public required NetworkStore Networks { get; init; }

    /// <summary>Invitations and who came with them.</summary>
    public required JoinStore Joins { get; init; }

    /// <summary>Newest revocation lists of networks.</summary>
    public required RevocationStore Revocations { get; init; }

    /// <summary>Changes of the document the engine makes by itself.</summary>
    public required OverlayEdits Edits { get; init; }

    /// <summary>Events.</summary>
    public required EventLog Events { get; init; }

    /// <summary>The kernel's network as it is.</summary>
    public required INetworkState NetworkState { get; init; }

    /// <summary>Changes of the kernel's network.</summary>
    public required INetworkEditor NetworkEditor { get; init; }

    /// <summary>The folder of audit files.</summary>
    public required string AuditFolder { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>What the workers say.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Opens the stores in the state folder.</summary>
    public static OverlayContext Create(EngineSeams seams, EngineOptions options, EventLog events, ILogger logger) => new()
    {
        Host = seams.OverlayHost,
        Identities = new IdentityStore(options.StateFolder, seams.OverlayHost.Crypto, seams.Clock),
        Networks = new NetworkStore(options.StateFolder, seams.OverlayHost.Crypto, seams.Clock),
        Joins = new JoinStore(options.StateFolder, seams.Clock),
        Revocations = new RevocationStore(options.StateFolder, seams.OverlayHost.Crypto),
        Edits = new OverlayEdits(events, seams.Clock),
        Events = events,
        NetworkState = seams.NetworkState,
        NetworkEditor = seams.NetworkEditor,
        AuditFolder = Path.Combine(options.StateFolder, "audit"),
        Clock = seams.Clock,
        Logger = logger,
    };
}
