namespace Net.Relay.Bytecode;

/// <summary>Which of the maps of entries.</summary>
public enum KernelTableKind : byte
{
    /// <summary>Exact IPv4.</summary>
    Exact4,

    /// <summary>Exact IPv6.</summary>
    Exact6,

    /// <summary>IPv4 prefixes.</summary>
    Prefix4,

    /// <summary>IPv6 prefixes.</summary>
    Prefix6,
}
