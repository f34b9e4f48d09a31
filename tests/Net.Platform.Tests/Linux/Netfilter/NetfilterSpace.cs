using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Net.Platform.Tests.Linux.Netfilter;

/// <summary>Two namespaces on one cable: a client at 10.9.1.1 and fd09::1, and a server at 10.9.1.2 and fd09::2 whose kernel is asked.</summary>
internal sealed class NetfilterSpace : IDisposable
{
    public static readonly IPAddress ClientAddress = IPAddress.Parse("10.9.1.1");
    public static readonly IPAddress ServerAddress = IPAddress.Parse("10.9.1.2");
    public static readonly IPAddress ServerAddressV6 = IPAddress.Parse("fd09::2");

    // Nothing waits this long unless it would wait for ever.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly List<IDisposable> _open = [];

    public NetfilterSpace(string ruleSet)
    {
        TestNamespace.SkipUnlessPossible();
        Client = new TestNamespace();
        Server = new TestNamespace();
        Client.Connect("va", Server, "vb");
        Client.Ip("address add 10.9.1.1/24 dev va");
        Client.Ip("address add fd09::1/64 dev va nodad");
        Server.Ip("address add 10.9.1.2/24 dev vb");
        Server.Ip("address add fd09::2/64 dev vb nodad");
        Server.Exec("nft", "-f -", ruleSet);
    }

    public TestNamespace Client { get; }

    public TestNamespace Server { get; }

    /// <summary>Opens something on the server that is closed with this.</summary>
    public T OnServer<T>(Func<T> make)
        where T : IDisposable => Keep(Server.In(make));

    public Socket Udp(TestNamespace place, IPAddress address, int port) => Bind(place, address, port, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>Connects the client with the server by TCP.</summary>
    public (Socket Client, Socket Server) ConnectTcp(IPAddress serverAddress, int port)
    {
        Socket listener = Bind(Server, serverAddress, port, SocketType.Stream, ProtocolType.Tcp);
        listener.Listen();
        Socket client = Keep(Client.In(() => new Socket(serverAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp)));
        client.Connect(serverAddress, port);
        return (client, Keep(listener.Accept()));
    }

    public T Keep<T>(T item)
        where T : IDisposable
    {
        _open.Add(item);
        return item;
    }

    /// <summary>Reads until an item is as wanted.</summary>
    public static async Task<T> ReadUntilAsync<T>(ChannelReader<T> reader, Func<T, bool> isWanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        await foreach (T item in reader.ReadAllAsync(limit.Token))
        {
            if (isWanted(item))
            {
                return item;
            }
        }

        throw new InvalidOperationException("The channel ended before the item came.");
    }

    public void Dispose()
    {
        _open.Reverse();
        _open.ForEach(item => item.Dispose());
        Client.Dispose();
        Server.Dispose();
    }

    private Socket Bind(TestNamespace place, IPAddress address, int port, SocketType type, ProtocolType protocol) => Keep(place.In(() =>
    {
        var socket = new Socket(address.AddressFamily, type, protocol);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }));
}
