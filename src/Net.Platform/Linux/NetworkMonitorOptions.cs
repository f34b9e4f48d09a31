using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>How the network is followed.</summary>
[SupportedOSPlatform("linux")]
public sealed record NetworkMonitorOptions
{
    /// <summary>Time between carrier polls of the chosen interfaces. 20 ms finds a lost cable within a failover's budget for 0.2 % of a core per interface.</summary>
    public TimeSpan CarrierPollInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Size of the kernel's queue of events for us.</summary>
    public int ReceiveBufferBytes { get; init; } = NetlinkSocket.DefaultReceiveBufferBytes;

    /// <summary>Where the timestamps of changes come from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
