namespace Net.Platform.Linux;

/// <summary>How a <see cref="DatagramSocket"/> is opened.</summary>
public sealed record DatagramSocketOptions
{
    /// <summary>Bytes the kernel may hold for us that we have not received. Beyond the host's limit only with CAP_NET_ADMIN; without it the limit applies.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes we may have sent that the interface has not. Beyond the host's limit only with CAP_NET_ADMIN; without it the limit applies.</summary>
    public int SendBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Firewall mark of what is sent, so that policy routing keeps it out of the tunnel; null for none. Needs CAP_NET_ADMIN.</summary>
    public uint? Mark { get; init; }

    /// <summary>Interface the socket is bound to; null for any.</summary>
    public string? Device { get; init; }

    /// <summary>Whether other sockets of the same effective user may be bound to the same address (SO_REUSEPORT, socket(7)): the kernel lets nobody else join.</summary>
    internal bool IsShared { get; init; }

    /// <summary>Whether the kernel joins datagrams of equal size from one sender before we receive them (UDP_GRO, Linux 5.0).</summary>
    public bool ReceiveOffload { get; init; } = true;
}
