using System.Net;
using Net.Engine.Relay.Membership;
using Net.Relay.Membership;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>One end of a link, at which a test plays the hosts.</summary>
internal sealed class FakeListener(GroupPacketHandler handler) : IGroupListener
{
    public List<MembershipPacket> Sent { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Hear(MembershipMessage message, string from) => handler(MembershipPacket.Write(message, IPAddress.Parse(from)).Packet);

    public string? Send(IPAddress destination, ReadOnlySpan<byte> packet)
    {
        Assert.True(MembershipPacket.TryRead(packet, out MembershipPacket? read));
        Assert.Equal(destination, read.Destination);
        Sent.Add(read);
        return null;
    }

    public void Dispose() => IsDisposed = true;
}
