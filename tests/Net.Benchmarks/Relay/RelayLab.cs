using System.Globalization;
using System.Security.Cryptography;
using Net.Benchmarks.Overlay;
using Net.Lab;
using Net.Packets.Bytecode;
using Net.Platform;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>Three namespaces: a source, a relay with one input and any number of outputs, and a sink behind all of them. Cables are veth pairs that cut
/// nothing for the relay (no UDP segmentation), so that every packet on them is one, as on a network card. Generator and receivers are threads of this program.</summary>
internal sealed class RelayLab : IAsyncDisposable
{
    /// <summary>Where the relay receives.</summary>
    public const string Input = "i0";

    /// <summary>The address of the source.</summary>
    public const string SourceAddress = "10.9.0.1";

    /// <summary>The relay's address on the side of the source.</summary>
    public const string InputAddress = "10.9.0.2";

    private const string SourceInterface = "g0";
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(200);

    private readonly Lab.Lab _lab;
    private OverlayEngine? _engine;
    private readonly List<BpfLink> _sinkLinks = [];
    private SinkMode? _sink;

    private RelayLab(Lab.Lab lab, int outputs)
    {
        _lab = lab;
        Outputs = outputs;
    }

    /// <summary>How many outputs it has.</summary>
    public int Outputs { get; }

    /// <summary>The node in the middle.</summary>
    public LabNode Relay => _lab.Node("relay");

    /// <summary>For state, configuration and sockets; gone with the lab.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("netmod-relay-").FullName;

    /// <summary>For names that must be unique on the host.</summary>
    public string Tag { get; } = RandomNumberGenerator.GetHexString(4, lowercase: true);

    /// <summary>The core the generator is kept on; relays in user space are kept off it.</summary>
    public int SenderCore { get; set; }

    /// <summary>The relay's interface of an output.</summary>
    public static string OutputInterface(int output) => string.Create(CultureInfo.InvariantCulture, $"o{output}");

    /// <summary>The sink's end of an output.</summary>
    public static string SinkInterface(int output) => string.Create(CultureInfo.InvariantCulture, $"s{output}");

    /// <summary>The relay's address at an output.</summary>
    public static string OutputAddress(int output) => string.Create(CultureInfo.InvariantCulture, $"10.9.{output + 10}.1");

    /// <summary>Builds it.</summary>
    public static async Task<RelayLab> UpAsync(int outputs, CancellationToken cancellationToken)
    {
        Dictionary<string, string> sysctls = new(StringComparer.Ordinal)
        {
            ["net.ipv4.conf.all.rp_filter"] = "0",
            ["net.ipv4.conf.default.rp_filter"] = "0",
            ["net.ipv6.conf.all.disable_ipv6"] = "1",
            ["net.ipv6.conf.default.disable_ipv6"] = "1",
        };
        var topology = new LabTopology
        {
            Name = "relay-bench",
            Nodes = [.. ((string[])["source", "relay", "sink"]).Select(name => LabNodeDefinition.Host(name) with { Sysctls = sysctls })],
            Links =
            [
                Link("source", SourceInterface, SourceAddress, "relay", Input, InputAddress),
                .. Enumerable.Range(0, outputs).Select(output => Link(
                    "relay", OutputInterface(output), OutputAddress(output), "sink", SinkInterface(output), string.Create(CultureInfo.InvariantCulture, $"10.9.{output + 10}.2"))),
            ],
        };
        var lab = new RelayLab(await Lab.Lab.UpAsync(topology, new LabOptions(), cancellationToken), outputs);
        try
        {
            await lab.PrepareAsync(cancellationToken);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The published engine in the relay's namespace, started when first asked for.</summary>
    public async Task<OverlayEngine> EngineAsync(CancellationToken cancellationToken) =>
        _engine ??= await OverlayEngine.StartAsync(Relay, Path.Combine(Folder, "engine"), cancellationToken);

    /// <summary>Says what the sink does with what comes in. However it drops packets, its interfaces count them.</summary>
    public void SetSink(SinkMode mode)
    {
        if (_sink == mode)
        {
            return;
        }

        _sinkLinks.ForEach(link => link.Dispose());
        _sinkLinks.Clear();
        if (mode != SinkMode.Receive)
        {
            _sinkLinks.AddRange(In(Sink, () => Drop(mode)));
        }

        _sink = mode;
    }

    /// <summary>Packets that came in at each output of the sink so far.</summary>
    public long[] CountSunk() => In(Sink, () =>
    {
        using RouteNetlink netlink = new();
        Dictionary<string, LinkInfo> links = netlink.GetLinks().ToDictionary(link => link.Name, StringComparer.Ordinal);
        return Enumerable.Range(0, Outputs).Select(output => (long)links[SinkInterface(output)].Counters.ReceivedPackets).ToArray();
    });

    /// <summary>Sends live frames from the source.</summary>
    public Task<TrafficSent> SendAsync(RelayLoad load, CancellationToken cancellationToken)
    {
        var plan = new TrafficPlan
        {
            Interface = SourceInterface,
            Destination = RelayJob.Input(0),
            Port = RelayJob.InputPort,
            Groups = load.Groups,
            Streams = load.Groups,
            PayloadBytes = load.PayloadBytes,
            PacketsPerSecond = load.PacketsPerSecond,
            Duration = load.Duration,
            Kind = TrafficSender.LiveFrames,
            Core = SenderCore,
        };
        return OnThread(() => In(_lab.Node("source"), () => TrafficGenerator.Send(plan, cancellationToken)));
    }

    /// <summary>Sends, and counts what arrived at each output by the sink's interfaces.</summary>
    /// <param name="load">What to send.</param>
    /// <param name="sink">How the sink drops it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was sent, and what arrived at each output.</returns>
    public async Task<(TrafficSent Sent, long[] Arrived)> OfferAsync(RelayLoad load, SinkMode sink, CancellationToken cancellationToken)
    {
        SetSink(sink);
        long[] before = CountSunk();
        TrafficSent sent = await SendAsync(load, cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        return (sent, [.. CountSunk().Zip(before, (now, then) => now - then)]);
    }

    /// <summary>Sends, and judges every packet at the places given.</summary>
    /// <param name="load">What to send.</param>
    /// <param name="endpoints">Where it is received in the sink; or, with none, at the relay's own input.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="meanwhile">Done while packets flow.</param>
    public async Task<(TrafficSent Sent, TrafficReport Report)> JudgeAsync(
        RelayLoad load, IReadOnlyList<TrafficEndpoint> endpoints, CancellationToken cancellationToken, Func<Task>? meanwhile = null)
    {
        SetSink(SinkMode.Receive);
        bool isDirect = endpoints.Count == 0;
        var listen = new TrafficListen
        {
            Endpoints = isDirect ? [new TrafficEndpoint(Input, RelayJob.Input(0), RelayJob.InputPort) { Groups = load.Groups }] : endpoints,
            Duration = load.Duration + TimeSpan.FromSeconds(10),
            IdleTimeout = TimeSpan.FromSeconds(1),
            ReceiveBufferBytes = 32 << 20,

            // A relay in user space shares its core with nobody who measures it. Times of arrival are the kernel's, so it does not matter when this thread gets its turn.
            Core = SenderCore,
        };
        using TrafficReceiver receiver = In(isDirect ? Relay : Sink, () => TrafficReceiver.Open(listen));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<TrafficReport> receiving = OnThread(() => receiver.Receive(stop.Token));
        try
        {
            Task<TrafficSent> sending = SendAsync(load, cancellationToken);
            if (meanwhile is not null)
            {
                await meanwhile();
            }

            TrafficSent sent = await sending;

            // Nothing came at all: it would wait for the whole time.
            await Task.WhenAny(receiving, Task.Delay(TimeSpan.FromSeconds(2), cancellationToken));
            await stop.CancelAsync();
            return (sent, await receiving);
        }
        finally
        {
            await stop.CancelAsync();
            await receiving;
        }
    }

    /// <summary>Deletes an output's cable and lays it anew, with the same names and addresses.</summary>
    public async Task RecreateOutputAsync(int output, CancellationToken cancellationToken)
    {
        string ours = OutputInterface(output);
        string theirs = SinkInterface(output);
        await TunnelLab.IpAsync(Relay, $"link del {ours}", cancellationToken);
        await TunnelLab.IpAsync(Relay, $"link add {ours} mtu 1500 type veth peer name {theirs} netns {Sink.NamespaceName}", cancellationToken);
        await TunnelLab.IpAsync(Relay, $"addr add {OutputAddress(output)}/24 dev {ours}", cancellationToken);
        await TunnelLab.IpAsync(Sink, $"addr add {OutputAddress(output)[..^1]}2/24 dev {theirs}", cancellationToken);
        await TunnelLab.IpAsync(Sink, $"link set {theirs} up", cancellationToken);
        await TunnelLab.IpAsync(Relay, $"link set {ours} up", cancellationToken);
        await EthtoolAsync(Sink, theirs, "gro", "on", cancellationToken);
        await EthtoolAsync(Relay, ours, "tx-udp-segmentation", "off", cancellationToken);

        // The sink's rules named the cable that is gone.
        _sink = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _sinkLinks.ForEach(link => link.Dispose());
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await _lab.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private LabNode Sink => _lab.Node("sink");

    private static LabLink Link(string left, string leftInterface, string leftAddress, string right, string rightInterface, string rightAddress) => new()
    {
        A = new LabLinkEnd { Node = left, Interface = leftInterface, Addresses = [leftAddress + "/24"] },
        B = new LabLinkEnd { Node = right, Interface = rightInterface, Addresses = [rightAddress + "/24"] },
        Mtu = 1500,
    };

    private List<BpfLink> Drop(SinkMode mode)
    {
        // XDP_DROP and TC_ACT_SHOT of linux/bpf.h and linux/pkt_cls.h. Less than a rule of nftables costs.
        bool isFrames = mode == SinkMode.DropFrames;
        using var program = BpfProgram.Load(
            isFrames ? BpfProgramKind.Xdp : BpfProgramKind.TrafficControl, new EbpfAssembler().Move(EbpfRegister.R0, isFrames ? 1 : 2).Exit().Build(), "netmod_sink");
        using RouteNetlink netlink = new();
        Dictionary<string, LinkInfo> links = netlink.GetLinks().ToDictionary(link => link.Name, StringComparer.Ordinal);
        BpfAttachPoint point = isFrames ? BpfAttachPoint.Xdp : BpfAttachPoint.TcxIngress;
        return
        [
            .. Enumerable.Range(0, Outputs).Select(output => BpfLink.Attach(program, links[SinkInterface(output)].Index, point, isFrames ? BpfXdpMode.Native : BpfXdpMode.Any)),
        ];
    }

    private static T In<T>(LabNode node, Func<T> work)
    {
        using var space = NetworkNamespace.Open(node.NamespaceName);
        return space.Run(work);
    }

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Of a veth pair, an end takes XDP frames from the other only with GRO (or a program) of its own.
        await EthtoolAsync(Relay, Input, "gro", "on", cancellationToken);
        for (int output = 0; output < Outputs; output++)
        {
            await EthtoolAsync(Sink, SinkInterface(output), "gro", "on", cancellationToken);
            await EthtoolAsync(Relay, OutputInterface(output), "tx-udp-segmentation", "off", cancellationToken);
        }

        // The carrier of veth may take a second to be noticed.
        while (!(await _lab.Node("source").PingAsync(InputAddress, cancellationToken: cancellationToken)).Reached)
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task EthtoolAsync(LabNode node, string link, string feature, string value, CancellationToken cancellationToken) =>
        (await node.ExecAsync("ethtool", ["-K", link, feature, value], cancellationToken: cancellationToken)).EnsureSucceeded();
}
