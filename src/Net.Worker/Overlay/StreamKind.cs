namespace Net.Worker.Overlay;

/// <summary>What a stream other than the control stream (the client's first) is for: its first byte.</summary>
internal enum StreamKind : byte
{
    /// <summary>Not known yet: nothing came.</summary>
    Unknown = 0,

    /// <summary>IP packets, each behind its length as two bytes, big endian, where there are no DATAGRAM frames.</summary>
    Packets = 1,

    /// <summary>An application's: a length byte and the protocol's name follow.</summary>
    Application = 2,
}
