using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class SocketSessionsTests
{
    [Theory]
    [InlineData("10.9.1.2", "10.9.1.2", "10.9.1.1")]
    [InlineData("fd09::2", "fd09::2", "fd09::1")]
    [InlineData("::", "10.9.1.2", "10.9.1.1")]
    public void An_established_session_is_listed_in_the_version_on_the_wire(string listenAt, string connectTo, string from)
    {
        using var space = new NetfilterSpace("table inet netmod { }");
        using SocketSessions sessions = space.Server.In(() => new SocketSessions());
        Socket listener = space.Keep(space.Server.In(() =>
        {
            var socket = new Socket(IPAddress.Parse(listenAt).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (listenAt == "::")
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(IPAddress.Parse(listenAt), 22));
            socket.Listen();
            return socket;
        }));
        Assert.Empty(sessions.GetEstablished());
        Socket client = space.Keep(space.Client.In(() => new Socket(IPAddress.Parse(connectTo).AddressFamily, SocketType.Stream, ProtocolType.Tcp)));
        client.Connect(IPAddress.Parse(connectTo), 22);
        using Socket accepted = listener.Accept();

        SocketSession session = Assert.Single(sessions.GetEstablished());

        ushort port = (ushort)((IPEndPoint)client.LocalEndPoint!).Port;
        Assert.Equal(
            (IPAddress.Parse(connectTo), (ushort)22, IPAddress.Parse(from), port, 0u, 0),
            (session.LocalAddress, session.LocalPort, session.RemoteAddress, session.RemotePort, session.UserId, session.InterfaceIndex));
        Assert.NotEqual(0u, session.Inode);
    }
}
