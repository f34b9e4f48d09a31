namespace Net.Lab;

/// <summary>The address translation of a node of kind <see cref="LabNodeKind.Nat"/>. It stands in nftables tables of its own, <c>netmod_lab_nat</c>.</summary>
public sealed record LabNat
{
    /// <summary>How UDP is mapped and filtered.</summary>
    public NatKind Kind { get; init; } = NatKind.Masquerade;

    /// <summary>The interfaces whose address stands for the hosts behind; every other interface is inside.</summary>
    public required IReadOnlyList<string> Outside { get; init; }

    /// <summary>Whether hosts inside reach each other at their outside endpoints (UDP; RFC 4787, 6). Such packets pass whatever the filtering is.
    /// Only for the endpoint-independent kinds, and with one outside interface.</summary>
    public bool Hairpin { get; init; }

    /// <summary>Whether IPv6 is masqueraded too (plainly); otherwise it is routed.</summary>
    public bool TranslateIPv6 { get; init; }
}
