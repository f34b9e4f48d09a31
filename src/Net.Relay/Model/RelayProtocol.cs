namespace Net.Relay;

/// <summary>What a rule relays, by the protocol numbers of IANA.</summary>
public enum RelayProtocol : byte
{
    /// <summary>UDP, RFC 768.</summary>
    Udp = 17,

    /// <summary>Encapsulating Security Payload, RFC 4303: it has no ports, and nothing in it can be rewritten.</summary>
    Esp = 50,
}
