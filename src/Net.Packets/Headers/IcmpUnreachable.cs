namespace Net.Packets;

/// <summary>Why a packet could not be delivered, in the terms of both versions of ICMP (RFC 1812 section 5.2.7.1, RFC 4443 section 3.1).</summary>
public enum IcmpUnreachable
{
    /// <summary>There is no route: code 0.</summary>
    NoRoute,

    /// <summary>The node the address belongs to does not answer: code 1, in IPv6 code 3.</summary>
    Address,

    /// <summary>Nothing listens at the port: code 3, in IPv6 code 4.</summary>
    Port,

    /// <summary>Policy forbids it: code 13, in IPv6 code 1.</summary>
    Prohibited,
}
