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
    private readonly TimeProvider _clock;

    public TrackedPath(Uplink uplink, PathsSection section, TimeProvider clock)
    {
        _clock = clock;
        Uplink = uplink;
        Selection = new UplinkSelection(false, "not judged yet");
        Settings = section.Probe;
        Tracker = NewTracker(section);
    }

    /// <summary>What the kernel said last.</summary>
    public Uplink Uplink { get; private set; }

    /// <summary>Whether the kernel has a default route over it now, and since when not.</summary>
    public DateTimeOffset? RouteGoneAt { get; private set; }

    /// <summary>What probes found.</summary>
    public PathTracker Tracker { get; private set; }

    /// <summary>How it is probed.</summary>
    public ProbeSettings Settings { get; private set; }

    /// <summary>The time on the tracker's clock.</summary>
    public TimeSpan Now => _clock.GetElapsedTime(0);

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
    public void Read(LinkCounters counters)
    {
        _received.Update(Now, counters.ReceivedBytes);
        _sent.Update(Now, counters.SentBytes);
    }

    /// <summary>Begins to measure anew when the configuration probes it in another way now. The new tracker has to be told of the link, and what
    /// that changes has to be told to others: it may have gone down just now.</summary>
    public void Follow(PathsSection section)
    {
        if (Settings != section.Probe || !Equals(Tracker.Gateway, TargetOf(section)))
        {
            Settings = section.Probe;
            Tracker = NewTracker(section);
        }
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
        PathEstimator numbers = Tracker.Estimator;
        TimeSpan now = Now;
        PathStatus status = StatusAt(now);
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
            State = (Contracts.PathState)(int)status.State,
            StateReason = status.Reason,
            StateSince = _clock.GetUtcNow() - (now - status.Since),
            RoundTripTime = numbers.SmoothedRtt,
            LatestRoundTripTime = numbers.LatestRtt,
            Jitter = numbers.Jitter,
            LossRatio = numbers.LossRatio,
            ProbeCount = (int)Math.Min(numbers.Replied + numbers.Lost, PathProbes.LossWindow),
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

    private PathStatus StatusAt(TimeSpan now)
    {
        PathStatus status = Tracker.GetStatus(now);
        if (RouteGoneAt is { } gone && Uplink.Condition == LinkCondition.Up)
        {
            return new PathStatus(Net.Steering.PathState.Failed, "the kernel has no default route over it any more", now - (_clock.GetUtcNow() - gone));
        }

        return Settings.Enabled || status.State != Net.Steering.PathState.Unknown ? status : status with { Reason = "probing is switched off" };
    }

    private PathTracker NewTracker(PathsSection section) => new(
        Uplink.Link.Name,
        TargetOf(section),
        new PathProbeOptions
        {
            Interval = section.Probe.Interval,
            Timeout = section.Probe.Timeout,
            MaxLost = section.Probe.MaxLost,
            RecoverAfter = section.Probe.RecoverAfter,
            LossWindow = PathProbes.LossWindow,
        },
        Now);

    /// <inheritdoc />
    public void Dispose()
    {
        Stop.Cancel();
        Stop.Dispose();
    }
}
