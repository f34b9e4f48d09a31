using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Net.Benchmarks.Overlay;
using Net.Lab;
using Net.Platform.Linux;
using Net.Traffic;

namespace Net.Benchmarks.Firewall;

/// <summary>A client, a router and a server, each a namespace, with veth pairs of MTU 1500 between them. What is measured forwards in the router.</summary>
internal sealed class FirewallLab : IAsyncDisposable
{
    /// <summary>The client's address.</summary>
    public const string ClientAddress = "10.20.0.2";

    /// <summary>The server's address.</summary>
    public const string ServerAddress = "10.30.0.2";

    /// <summary>The port everything goes to.</summary>
    public const int Port = 5201;

    /// <summary>The router's interface towards the client.</summary>
    public const string InnerInterface = "lan0";

    /// <summary>Source port of the first connections that <see cref="MakeConnectionsAsync"/> makes.</summary>
    public const ushort FirstSourcePort = 40_000;

    private const string ServerInterface = "eth0";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly Lab.Lab _lab;
    private OverlayEngine? _engine;

    private FirewallLab(Lab.Lab lab) => _lab = lab;

    /// <summary>Where rules stand.</summary>
    public LabNode Router => _lab.Node("router");

    /// <summary>For state and rule files; gone with the lab.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("netmod-firewall-").FullName;

    /// <summary>The client's namespace; its interface is eth0, as the server's.</summary>
    public string ClientNamespace => Client.NamespaceName;

    /// <summary>The server's namespace.</summary>
    public string ServerNamespace => Server.NamespaceName;

    private LabNode Client => _lab.Node("client");

    private LabNode Server => _lab.Node("server");

    /// <summary>Builds it.</summary>
    public static async Task<FirewallLab> UpAsync(CancellationToken cancellationToken)
    {
        var topology = new LabTopology
        {
            Name = "firewall-bench",
            Nodes =
            [
                LabNodeDefinition.Host("client", LabRoute.Default("10.20.0.1")),
                LabNodeDefinition.Router("router"),
                LabNodeDefinition.Host("server", LabRoute.Default("10.30.0.1")),
            ],
            Links = [Link("client", "eth0", ClientAddress, "router", InnerInterface, "10.20.0.1"), Link("router", "wan0", "10.30.0.1", "server", ServerInterface, ServerAddress)],
        };
        var lab = new FirewallLab(await Lab.Lab.UpAsync(topology, new LabOptions(), cancellationToken));
        long start = Stopwatch.GetTimestamp();
        while (!(await lab.Client.PingAsync(ServerAddress, cancellationToken: cancellationToken)).Reached && Stopwatch.GetElapsedTime(start) < Grace)
        {
            await Task.Delay(50, cancellationToken);
        }

        return lab;
    }

    /// <summary>The published engine in the router, started when first asked for.</summary>
    public async Task<OverlayEngine> EngineAsync(CancellationToken cancellationToken) => _engine ??= await OverlayEngine.StartAsync(Router, Path.Combine(Folder, "engine"), cancellationToken);

    /// <summary>Runs a program in the router with text as its input.</summary>
    public async Task RunAsync(string program, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken) =>
        (await Router.ExecAsync(program, arguments, input, TimeSpan.FromMinutes(3), cancellationToken: cancellationToken)).EnsureSucceeded();

    /// <summary>TCP from the client to the server by iperf3.</summary>
    /// <returns>Gb/s that arrived.</returns>
    public async Task<double> MeasureTcpAsync(int seconds, CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.FromSeconds(seconds) + Grace;
        await using LabProcess server = TunnelLab.Start(Server, "iperf3", ["--server", "--one-off", "--port", Number(Port), "--forceflush"], longest);
        await server.WaitForLineAsync("Server listening", TimeSpan.FromSeconds(5), cancellationToken);
        LabCommandResult result = await Client.ExecAsync(
            "iperf3", ["--client", ServerAddress, "--port", Number(Port), "--time", Number(seconds), "--json", "--connect-timeout", "5000"], timeout: longest, cancellationToken: cancellationToken);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.TryGetProperty("error", out JsonElement error)
            ? throw new LabException($"iperf3 through the router: {error.GetString()}")
            : document.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }

    /// <summary>UDP of 64 bytes payload from the client to the server, as many as can be. The generator hands runs of 64 datagrams to the kernel, which would forward, and count,
    /// each run as one packet: the client's interface is told to cut them.</summary>
    /// <returns>Thousand packets a second that arrived.</returns>
    public async Task<double> MeasureUdpAsync(int seconds, CancellationToken cancellationToken)
    {
        using Socket sink = In(Server, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 16 });
        sink.Bind(new IPEndPoint(IPAddress.Any, Port));
        var plan = new TrafficPlan
        {
            Interface = "eth0",
            Destination = IPAddress.Parse(ServerAddress),
            Port = Port,
            PayloadBytes = 64,
            PacketsPerSecond = 0,
            Duration = TimeSpan.FromSeconds(seconds),
            SourcePort = FirstSourcePort,
        };
        await LimitSegmentsAsync(1, cancellationToken);
        try
        {
            long before = Arrived();
            long start = Stopwatch.GetTimestamp();
            await OnThread(() => In(Client, () => TrafficGenerator.Send(plan, cancellationToken)));
            return (Arrived() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1000;
        }
        finally
        {
            // What an interface begins with (GSO_MAX_SEGS of linux/netdevice.h).
            await LimitSegmentsAsync(65_535, CancellationToken.None);
        }
    }

    /// <summary>Connections one after the other from two threads, each closed at once by a reset so that none lingers.</summary>
    /// <returns>Connections a second.</returns>
    public async Task<double> MeasureConnectionsAsync(int seconds, CancellationToken cancellationToken)
    {
        const int threads = 2;
        using Socket listener = In(Server, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen(1024);
        Task accepting = OnThread(() => Accept(listener));
        long start = Stopwatch.GetTimestamp();
        long end = start + (seconds * Stopwatch.Frequency);
        int[] counts = await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => OnThread(() => In(Client, () => Connect(end, cancellationToken)))));
        double rate = counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
        listener.Dispose();
        await accepting;
        return rate;
    }

    /// <summary>Has the router track so many connections: datagrams from few ports to many, which nobody answers.</summary>
    public async Task MakeConnectionsAsync(int count, CancellationToken cancellationToken)
    {
        const int most = 50_000;
        for (int source = FirstSourcePort; (source - FirstSourcePort) * most < count; source++)
        {
            await OnThread(() => In(Client, () => Knock(source, 10_000, most, cancellationToken)));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await _lab.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // One datagram to each port.
    private static int Knock(int source, int first, int count, CancellationToken cancellationToken)
    {
        IPAddress server = IPAddress.Parse(ServerAddress);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, source));
        var target = new IPEndPoint(server, first);
        byte[] word = new byte[16];
        for (int port = first; port < first + count && !cancellationToken.IsCancellationRequested; port++)
        {
            target.Port = port;
            socket.SendTo(word, target);
        }

        return count;
    }

    private static int Connect(long end, CancellationToken cancellationToken)
    {
        var server = new IPEndPoint(IPAddress.Parse(ServerAddress), Port);
        int count = 0;
        while (Stopwatch.GetTimestamp() < end && !cancellationToken.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            socket.Connect(server);
            count++;
        }

        return count;
    }

    private static int Accept(Socket listener)
    {
        int count = 0;
        try
        {
            while (true)
            {
                listener.Accept().Dispose();
                count++;
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return count;
        }
    }

    private static LabLink Link(string left, string leftInterface, string leftAddress, string right, string rightInterface, string rightAddress) => new()
    {
        A = new LabLinkEnd { Node = left, Interface = leftInterface, Addresses = [leftAddress + "/24"] },
        B = new LabLinkEnd { Node = right, Interface = rightInterface, Addresses = [rightAddress + "/24"] },
        Mtu = 1500,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static T In<T>(LabNode node, Func<T> work)
    {
        using var space = NetworkNamespace.Open(node.NamespaceName);
        return space.Run(work);
    }

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task LimitSegmentsAsync(int most, CancellationToken cancellationToken) =>
        (await Client.ExecAsync("ip", ["link", "set", "dev", "eth0", "gso_max_segs", Number(most)], cancellationToken: cancellationToken)).EnsureSucceeded();

    private long Arrived() => In(Server, () =>
    {
        using RouteNetlink netlink = new();
        return (long)netlink.GetLinks().Single(link => link.Name == ServerInterface).Counters.ReceivedPackets;
    });
}
