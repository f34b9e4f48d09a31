using System.Net;
using Net.Relay;

namespace Net.Engine.Relay.Model;

/// <summary>What the resolver is told beside the rules.</summary>
internal sealed record ResolverInputs
{
    /// <summary>The network.</summary>
    public required LinkIndex Links { get; init; }

    /// <summary>Which engines can run here.</summary>
    public required EngineAvailability Availability { get; init; }

    /// <summary>Whether a group has receivers on an interface; true as long as that is not known.</summary>
    public required Func<int, IPAddress, bool> HasReceivers { get; init; }

    /// <summary>Whether the driver of an interface has native XDP.</summary>
    public required Func<int, bool> HasNativeXdp { get; init; }

    /// <summary>Whether senders behind virtual interfaces are known to be other hosts, so that XDP may be chosen there.</summary>
    public bool AllowVirtualXdp { get; init; }

    /// <summary>Why the kernel does not take a rule, by its id: it goes to a worker, or fails when it insists on the kernel.</summary>
    public IReadOnlyDictionary<int, string> Refused { get; init; } = new Dictionary<int, string>();

    /// <summary>Rules that are traced, for which the kernel's engines have no means.</summary>
    public IReadOnlySet<int> Traced { get; init; } = new HashSet<int>();
}
