using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Engine.Relay.Membership;

/// <summary>The memberships and packet sockets of Linux, in the network namespace of the thread that makes it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxMulticastSockets : IMulticastSockets
{
    private readonly GroupMembership _membership;
    private readonly RawGroupSockets _sockets = new();

    /// <summary>Makes one without memberships.</summary>
    /// <param name="maximumPerSocket">Memberships per socket at most; null for what the kernel's setting allows.</param>
    public LinuxMulticastSockets(int? maximumPerSocket = null)
    {
        _membership = new GroupMembership(maximumPerSocket);
    }

    /// <inheritdoc />
    public string? Join(GroupJoin join)
    {
        ArgumentNullException.ThrowIfNull(join);
        return _membership.Join(join.InterfaceIndex, join.Group, join.Source);
    }

    /// <inheritdoc />
    public void Leave(GroupJoin join)
    {
        ArgumentNullException.ThrowIfNull(join);
        _membership.Leave(join.InterfaceIndex, join.Group, join.Source);
    }

    /// <inheritdoc />
    public IReadOnlySet<GroupKey>? ReadKernelGroups()
    {
        try
        {
            return _membership.ReadKernelGroups().Select(one => new GroupKey(one.InterfaceIndex, one.Group)).ToHashSet();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public IGroupListener Listen(int interfaceIndex, AddressFamily family, GroupPacketHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            return new Listener(_sockets.Open(interfaceIndex, family, packet => handler(packet)));
        }
        catch (NetlinkException exception)
        {
            throw new IOException($"The kernel refused: {exception.Message}.", exception);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sockets.Dispose();
        _membership.Dispose();
    }

    /// <summary>One socket.</summary>
    private sealed class Listener(RawGroupSocket socket) : IGroupListener
    {
        /// <inheritdoc />
        public string? Send(IPAddress destination, ReadOnlySpan<byte> packet) => socket.Send(destination, packet);

        /// <inheritdoc />
        public void Dispose() => socket.Dispose();
    }
}
