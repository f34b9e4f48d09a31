using Net.Platform.Linux.Relay;

namespace Net.Worker.Relay;

/// <summary>A sender of frames by one interface.</summary>
/// <param name="sender">The sender, owned by this output.</param>
/// <param name="interfaceIndex">The interface.</param>
internal sealed class PacketOutput(PacketSender sender, int interfaceIndex) : IDisposable
{
    /// <summary>The sender.</summary>
    public PacketSender Sender => sender;

    /// <summary>The interface.</summary>
    public int InterfaceIndex => interfaceIndex;

    /// <summary>Whether runs of datagrams may be sent as one; false once the kernel refused it.</summary>
    public bool CanSplit { get; set; } = true;

    /// <summary>Whether it is in the engine's list of senders that have messages.</summary>
    public bool IsQueued { get; set; }

    /// <inheritdoc />
    public void Dispose() => sender.Dispose();
}
