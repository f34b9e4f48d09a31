using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Contracts;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Kernel;
using Net.Engine.Relay.Membership;
using Net.Platform;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Workers;
using EngineState = Net.Relay.EngineState;
using FlowSteering = Net.Relay.FlowSteering;

namespace Net.Service.Relay;

/// <summary>What the relay needs of a Linux host.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxRelayHost : IRelayHost, IWorkerLauncher
{
    // Drivers that run XDP programs themselves (ndo_bpf with XDP_SETUP_PROG in the kernel's drivers/net as of Linux 6.12); any other runs them in the generic mode.
    private static readonly HashSet<string> NativeXdpDrivers = new(StringComparer.Ordinal)
    {
        "veth", "virtio_net", "tun", "bonding", "mlx4_en", "mlx5_core", "i40e", "iavf", "ice", "igb", "igc", "ixgbe", "ixgbevf", "bnxt_en", "ena", "gve", "mana", "hv_netvsc",
        "nfp", "qede", "sfc", "thunder-nicvf", "mvneta", "mvpp2", "stmmac", "dwmac", "fsl_enetc", "fsl_dpaa2_eth", "fsl_dpa", "cpsw", "am65-cpsw-nuss", "atlantic", "funeth", "netsec",
        "tsnep", "lan966x-switch", "vmxnet3", "octeontx2-nicpf", "octeontx2-nicvf", "rvu_nicpf", "rvu_nicvf",
    };

    // Only a worker that is not native code reads these. It moves packets from its first second on: what they need of its code is compiled again as soon as it was called 30 times, instead
    // of when nothing new was called for 0.1 s, and once, not first with probes to learn from. Three outputs of 64-byte packets: 806,000 a second at once, where it took seconds to come from
    // 318,000 to 600,000.
    private static readonly Dictionary<string, string> Runtime = new(StringComparer.Ordinal) { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountingDelayMs"] = "0" };

    // Of the unit: /sys/fs/bpf belongs to root alone on most hosts.
    private const string OwnFileSystem = "/run/netmod-bpf";
    private const string UsualFileSystem = "/sys/fs/bpf";

    private readonly string _pinFolder;
    private readonly string _workerProgram;
    private readonly uint? _userId;
    private readonly uint? _groupId;
    private readonly ILinkFactsReader _linkFacts;

    /// <summary>Looks at what this process may do.</summary>
    /// <param name="workers">Where and as whom workers run.</param>
    /// <param name="linkFacts">Asks drivers.</param>
    /// <param name="bpfFolder">The BPF file system that keeps programs while the engine restarts; null for where the unit or the host mounted one.</param>
    public LinuxRelayHost(WorkerAccount workers, ILinkFactsReader linkFacts, string? bpfFolder)
    {
        _pinFolder = Path.Combine(bpfFolder ?? (Directory.Exists(OwnFileSystem) ? OwnFileSystem : UsualFileSystem), $"netmod-{NamespaceNumber()}");
        _workerProgram = workers.Program;
        _userId = workers.UserId;
        _groupId = workers.GroupId;
        WorkerRemark = workers.Remark;
        _linkFacts = linkFacts;
        PacketEngine = ProcessCapabilities.Read().EffectiveNames.Contains("CAP_NET_RAW")
            ? EngineState.Available
            : EngineState.Missing("CAP_NET_RAW is missing, without which no packet socket can be opened");
        Cores = HostCores.Read();
    }

    /// <inheritdoc />
    public EngineState PacketEngine { get; }

    /// <inheritdoc />
    public string? WorkerRemark { get; }

    /// <inheritdoc />
    public IReadOnlyList<int> Cores { get; }

    /// <inheritdoc />
    public long MonotonicNanoseconds => MonotonicClock.Now;

    /// <inheritdoc />
    public IKernelRelay CreateKernel() => new KernelRelay(new KernelRelayOptions { PinFolder = _pinFolder }, TimeProvider.System);

    /// <inheritdoc />
    public IMulticastSockets CreateMulticastSockets() => new LinuxMulticastSockets();

    /// <inheritdoc />
    public TimeSpan? SpareAfter => TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public IWorkerLauncher CreateLauncher() => this;

    /// <inheritdoc />
    public IWorkerLink Launch() => WorkerLink.Start(_workerProgram, ["relay"], _userId, _groupId, Runtime);

    /// <inheritdoc />
    public RingHandle OpenRing(RingRequest request) => Open(() =>
    {
        SafeHandle handle = PacketRing.Open(
            new PacketRingOptions
            {
                InterfaceIndex = request.InterfaceIndex,
                MtuBytes = request.MtuBytes,
                RingBytes = request.RingBytes,
                AcceptUnicast = request.AcceptUnicast,
                FanoutGroup = request.FanoutGroup,
                Steering = FlowSteering.FanoutProgram,
            },
            out PacketRingLayout layout);
        return new RingHandle(handle, layout.BlockBytes, layout.BlockCount, layout.FrameBytes);
    });

    /// <inheritdoc />
    public SafeHandle OpenPacketSender(int interfaceIndex) => Open(() => PacketSender.Open(interfaceIndex));

    /// <inheritdoc />
    public SafeHandle OpenUdpReceiver(string device, IPEndPoint local) => Open(() => UdpReceiver.Open(new UdpReceiverOptions { Local = local, Device = device }));

    /// <inheritdoc />
    public SafeHandle OpenJoiner(string device, IPEndPoint local) => Open(() => DatagramJoiner.Open(device, local));

    /// <inheritdoc />
    public SafeHandle OpenUdpSender(UdpSenderRequest request) => Open(() => UdpSender.Open(new UdpSenderOptions
    {
        InterfaceIndex = request.InterfaceIndex,
        Device = request.Device,
        Source = request.Source,
        Ttl = request.Ttl,
        Dscp = request.Dscp,
        Fragment = request.Fragment,
        Destination = request.Destination,
    }));

    /// <inheritdoc />
    public void AskNeighbor(string device, IPAddress address)
    {
        // SOL_SOCKET and SO_BINDTODEVICE of asm-generic/socket.h. A datagram to the discard port (RFC 863) makes the kernel ask for the neighbour, as any other would.
        const int solSocket = 1;
        const int soBindToDevice = 25;
        const int discard = 9;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.SetRawSocketOption(solSocket, soBindToDevice, Encoding.UTF8.GetBytes(device));
            socket.SendTo([], new IPEndPoint(address, discard));
        }
        catch (SocketException)
        {
            // No route or no rights: the output goes on saying that the neighbour is not known.
        }
    }

    /// <inheritdoc />
    public bool HasNativeXdp(string device) => _linkFacts.Read(device).Driver is { } driver && NativeXdpDrivers.Contains(driver);

    /// <inheritdoc />
    public IReadOnlyList<int> CoresNear(string device) => HostCores.Near(device);

    /// <inheritdoc />
    public int? NodeOf(int core) => HostCores.NodeOf(core);

    /// <inheritdoc />
    public IAsyncEnumerable<RelayMeasurement> MeasureAsync(MeasureRelayPath request, CancellationToken cancellationToken) => PathMeasurement.RunAsync(request, cancellationToken);

    // Interfaces have their numbers by network namespace, so what is kept of them has to be told apart by it: "net:[4026531840]".
    private static string NamespaceNumber()
    {
        string link = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name ?? string.Empty;
        return new string([.. link.Where(char.IsAsciiDigit)]);
    }

    private static T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
