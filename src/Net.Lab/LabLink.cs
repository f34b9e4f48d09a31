namespace Net.Lab;

/// <summary>A cable between two nodes: a veth pair.</summary>
public sealed record LabLink
{
    /// <summary>One end.</summary>
    public required LabLinkEnd A { get; init; }

    /// <summary>The other end.</summary>
    public required LabLinkEnd B { get; init; }

    /// <summary>Largest IP packet on both ends; none is the kernel's 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>The end in a node, if this link ends there under that interface name.</summary>
    public LabLinkEnd? EndAt(string node, string @interface) =>
        A.Node == node && A.Interface == @interface ? A :
        B.Node == node && B.Interface == @interface ? B : null;

    /// <summary>The end opposite to one of this link's ends.</summary>
    public LabLinkEnd Opposite(LabLinkEnd end) => ReferenceEquals(end, A) || end == A ? B : A;
}
