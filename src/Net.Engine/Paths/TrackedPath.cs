using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Platform;
using Net.Steering;

namespace Net.Engine.Paths;

/// <summary>An uplink the engine follows: what the kernel says of it, and what probes found. Guarded by the lock of its owner.</summary>
internal sealed class TrackedPath : IDisposable
{
    private readonly ThroughputMeter _received = new();
    private readonly ThroughputMeter _sent = new();

    public TrackedPath(Uplink uplink, TimeProvider clock)
    {
        Uplink = uplink;
        Health = new PathHealth(clock);
        Selection = new UplinkSelection(false, "not judged yet");
    }

    /// <summary>What the kernel said last.</summary>
    public Uplink Uplink { get; private set; }

    /// <summary>Whether the kernel has a default route over it now, and since when not.</summary>
    public DateTimeOffset? RouteGoneAt { get; private set; }

    /// <summary>What probes found.</summary>
    public PathHealth Health { get; }

    /// <summary>Whether it is in use.</summary>
    public UplinkSelection Selection { get; set; }

    /// <summary>What the driver said last.</summary>
    public LinkFacts? Facts { get; set; }

    /// <summary>Ends the probing.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The id.</summary>
    public string PathId => Uplink.PathId;

    /// <summary>The kernel has its route.</summary>
    public void Seen(Uplink uplink)
    {
        Uplink = uplink;
        RouteGoneAt = null;
    }

    /// <summary>The kernel has no route over it any more.</summary>
    public void RouteGone(LinkInfo? link, DateTimeOffset now)
    {
        RouteGoneAt ??= now;
        if (link is not null)
        {
            Uplink = Uplink with { Link = link };
        }
    }

    /// <summary>Takes a reading of the interface's counters.</summary>
    public void Read(LinkCounters counters, DateTimeOffset at)
    {
        _received.Read(counters.ReceivedBytes, at);
        _sent.Read(counters.SentBytes, at);
    }

    /// <summary>What the probes ask.</summary>
    public IPAddress? TargetOf(PathsSection section)
    {
        InterfaceFact? fact = section.Interfaces.FirstOrDefault(one => one.InterfaceAlias == Uplink.Link.Name);
        return fact?.ProbeTarget is { } named && IPAddress.TryParse(named, out IPAddress? target) && target.AddressFamily == Uplink.Family
            ? target
            : Uplink.Gateway;
    }

    /// <summary>The path as the API shows it.</summary>
    public NetPath ToPath(PathsSection section)
    {
        PathEstimator numbers = Health.Estimator;
        return new NetPath
        {
            PathId = PathId,
            Kind = PathKind.Uplink,
            Family = Uplink.Family == AddressFamily.InterNetworkV6 ? IpFamily.IPv6 : IpFamily.IPv4,
            InterfaceAlias = Uplink.Link.Name,
            InterfaceIndex = Uplink.Link.Index,
            Gateway = Uplink.Gateway?.ToString(),
            LocalAddress = Uplink.LocalAddress?.ToString(),
            ProbeTarget = TargetOf(section)?.ToString(),
            State = (PathState)(int)Health.Condition,
            StateReason = Health.Reason,
            StateSince = Health.Since,
            RoundTripTime = numbers.RoundTripTime,
            LatestRoundTripTime = numbers.LatestRoundTripTime,
            Jitter = numbers.Jitter,
            LossRatio = numbers.LossRatio,
            ProbeCount = numbers.ProbeCount,
            ReceiveBitsPerSecond = _received.BitsPerSecond,
            TransmitBitsPerSecond = _sent.BitsPerSecond,
            LinkKind = LinkKinds.Of(Uplink.Link, Facts),
            LinkSpeedBitsPerSecond = Facts?.SpeedBitsPerSecond,
            MtuBytes = (int)Uplink.Link.MtuBytes,
            SignalDbm = Facts?.SignalDbm,
            IsMetered = section.Interfaces.FirstOrDefault(one => one.InterfaceAlias == Uplink.Link.Name)?.IsMetered,
            RouteMetric = RouteGoneAt is null ? Uplink.Metric : null,
            IsSelected = Selection.IsSelected,
            SelectionReason = Selection.Reason,
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop.Cancel();
        Stop.Dispose();
    }
}
