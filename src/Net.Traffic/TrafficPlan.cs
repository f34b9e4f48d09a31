using System.Net;

namespace Net.Traffic;

/// <summary>What a generator sends.</summary>
public sealed record TrafficPlan
{
    /// <summary>Most streams one generator sends.</summary>
    public const int MostStreams = 65_536;

    /// <summary>Most payload of a datagram (RFC 768, over IPv4).</summary>
    public const int MostPayloadBytes = 65_507;

    /// <summary>Most payload of a live frame: what the headers of Ethernet, IPv6 and UDP leave of the largest, 3,000 bytes.</summary>
    internal const int MostLiveFramePayloadBytes = 3_000 - 14 - 40 - 8;

    /// <summary>Interface it leaves by, as the kernel calls it.</summary>
    public required string Interface { get; init; }

    /// <summary>Group or host it goes to; the first of <see cref="Groups"/>.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>UDP port it goes to; the first of <see cref="Ports"/>.</summary>
    public required ushort Port { get; init; }

    /// <summary>Consecutive addresses from <see cref="Destination"/>: stream i goes to the one numbered i modulo this.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Consecutive ports from <see cref="Port"/>: streams that share an address spread over them.</summary>
    public int Ports { get; init; } = 1;

    /// <summary>Payload of a packet with its header of 32 bytes, 32 to 65,507.</summary>
    public int PayloadBytes { get; init; } = 64;

    /// <summary>Packets a second, all streams together; 0 for as many as can be.</summary>
    public double PacketsPerSecond { get; init; } = 1_000;

    /// <summary>How long it sends.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>It ends after so many packets, if that is before <see cref="Duration"/>; null sends for the whole time.</summary>
    public long? Packets { get; init; }

    /// <summary>Streams, each with a sequence of its own.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Time to live (hop limit) of what is sent to a group or host.</summary>
    public byte Ttl { get; init; } = 16;

    /// <summary>Source address; null lets the kernel choose.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Source port; 0 lets the kernel choose.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>How the packets get to the kernel.</summary>
    public TrafficSender Kind { get; init; }

    /// <summary>Whether times are of CLOCK_TAI, for a receiver on another host whose clock is kept by PTP; otherwise of CLOCK_MONOTONIC.</summary>
    public bool UsesTai { get; init; }

    /// <summary>Number of the first stream; null takes one that differs from run to run, so that a receiver does not take a new run for an old stream.</summary>
    public uint? FirstStream { get; init; }

    /// <summary>Whether this host's own sockets hear what is sent to a group, too (IP_MULTICAST_LOOP).</summary>
    public bool LoopsBack { get; init; }

    /// <summary>Whether packets larger than the interface's MTU are fragmented; otherwise they are refused.</summary>
    public bool Fragments { get; init; }

    /// <summary>Core the sending thread is kept on; null leaves it to the kernel.</summary>
    public int? Core { get; init; }

    /// <summary>Everything that is wrong with it, one sentence each; empty when it can be sent.</summary>
    /// <returns>The problems.</returns>
    public IReadOnlyList<string> Validate() => TrafficPlanValidator.Validate(this);
}
