using Net.Platform.Linux.Relay;

namespace Net.Worker.Relay;

/// <summary>A UDP socket that sends.</summary>
/// <param name="sender">The socket, owned by this output.</param>
/// <param name="isConnected">Whether it is connected to the one place it sends to.</param>
internal sealed class UdpOutput(UdpSender sender, bool isConnected) : IDisposable
{
    /// <summary>The socket.</summary>
    public UdpSender Sender => sender;

    /// <summary>Whether it is connected to the one place it sends to.</summary>
    public bool IsConnected => isConnected;

    /// <summary>Whether runs of datagrams may be sent as one; false once the kernel refused it.</summary>
    public bool CanSplit { get; set; } = true;

    /// <summary>Whether it is in the engine's list of senders that have messages.</summary>
    public bool IsQueued { get; set; }

    /// <inheritdoc />
    public void Dispose() => sender.Dispose();
}
