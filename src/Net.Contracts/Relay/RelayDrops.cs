using System.Text.Json.Serialization;

namespace Net.Contracts;

/// <summary>Packets that were not sent, by reason; the members are those of <see cref="RelayDropReason"/>.</summary>
/// <param name="Malformed">Truncated, or headers that contradict each other.</param>
/// <param name="Fragment">Fragments the engine cannot relay.</param>
/// <param name="Ttl">The TTL would reach 0.</param>
/// <param name="Source">The source is not allowed to inject.</param>
/// <param name="Loop">This host's own, or would come back where they came from.</param>
/// <param name="Rate">The output's rate limit was reached.</param>
/// <param name="TooBig">Larger than the output's MTU.</param>
/// <param name="NoOutput">The rule has no output that could take them.</param>
/// <param name="NoNeighbor">The link-layer address of a unicast destination is not known.</param>
/// <param name="Paused">The output has no receivers and pauses.</param>
/// <param name="Duplicate">The same packet was relayed before.</param>
/// <param name="Standby">The source stands by.</param>
/// <param name="Queue">The send buffer was full.</param>
/// <param name="Checksum">The checksum is wrong.</param>
/// <param name="InterfaceDown">The output's interface is down.</param>
/// <param name="Ring">The receive ring overran.</param>
public sealed record RelayDrops(
    long Malformed = 0, long Fragment = 0, long Ttl = 0, long Source = 0, long Loop = 0, long Rate = 0, long TooBig = 0, long NoOutput = 0,
    long NoNeighbor = 0, long Paused = 0, long Duplicate = 0, long Standby = 0, long Queue = 0, long Checksum = 0, long InterfaceDown = 0, long Ring = 0)
{
    /// <summary>All of them together.</summary>
    [JsonIgnore]
    public long Total => Malformed + Fragment + Ttl + Source + Loop + Rate + TooBig + NoOutput
        + NoNeighbor + Paused + Duplicate + Standby + Queue + Checksum + InterfaceDown + Ring;

    /// <summary>The reasons that occurred with their counts, such as <c>Ttl 3, Rate 10</c>; empty when nothing was dropped.</summary>
    public override string ToString() => string.Join(", ", Reasons().Where(static reason => reason.Count != 0).Select(static reason => $"{reason.Reason} {reason.Count}"));

    private (RelayDropReason Reason, long Count)[] Reasons() =>
    [
        (RelayDropReason.Malformed, Malformed), (RelayDropReason.Fragment, Fragment), (RelayDropReason.Ttl, Ttl), (RelayDropReason.Source, Source),
        (RelayDropReason.Loop, Loop), (RelayDropReason.Rate, Rate), (RelayDropReason.TooBig, TooBig), (RelayDropReason.NoOutput, NoOutput),
        (RelayDropReason.NoNeighbor, NoNeighbor), (RelayDropReason.Paused, Paused), (RelayDropReason.Duplicate, Duplicate), (RelayDropReason.Standby, Standby),
        (RelayDropReason.Queue, Queue), (RelayDropReason.Checksum, Checksum), (RelayDropReason.InterfaceDown, InterfaceDown), (RelayDropReason.Ring, Ring),
    ];
}
