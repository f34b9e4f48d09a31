using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Platform.Tests;
using Net.Worker.Tests.Support;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Kernel;

/// <summary>A node in a network namespace of its own, with a kernel's device and a worker process, as an engine sets it up.</summary>
internal sealed class KernelNode : IDisposable
{
    private readonly TunDevice[] _queues;
    private readonly DatagramSocket[] _sockets;
    private readonly byte[] _seed;

    public KernelNode(byte number, int shards)
    {
        Namespace = new TestNamespace();
        Address = $"10.90.0.{number}";
        Underlay = $"10.77.0.{number}";
        _seed = OverlayNode.SeedOf(number);
        Ed25519.GetPublicKey(_seed, PublicKey);
        _queues = [.. Enumerable.Range(0, shards).Select(_ => Namespace.In(() => TunDevice.Create("overlay0", multiQueue: shards > 1)))];
        Namespace.Ip("link set overlay0 mtu 1420 up");
        Namespace.Ip($"addr add {Address}/24 dev overlay0");
        _sockets = Namespace.In(() => DatagramSocket.BindGroup(new IPEndPoint(IPAddress.Any, 4500), new DatagramSocketOptions(), shards, ShardSteering.Program(shards)));
    }

    public TestNamespace Namespace { get; }

    public string Address { get; }

    public string Underlay { get; }

    public byte[] PublicKey { get; } = new byte[32];

    public SpawnedProcess Process { get; private set; } = null!;

    public WorkerInbox Inbox { get; private set; } = null!;

    public void Start(KernelNode other, bool dials)
    {
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        Process = WorkerProcess.Start(Path.Combine(AppContext.BaseDirectory, "netmod-worker"), ["overlay"], null, null, theirs);
        theirs.Dispose();
        Inbox = new WorkerInbox(Address, new WorkerChannel(ours));
        var peer = new ModelPeer { Index = 0, Name = "other", PublicKey = other.PublicKey, Addresses = [other.Address], Endpoints = dials ? [other.Underlay + ":4500"] : [] };
        var model = new OverlayModel
        {
            Version = 1,
            Addresses = [Address],
            Peers = [peer],
            Routes = [new ModelRoute(Address + "/32", "local", -1, 0), new ModelRoute(other.Address + "/32", "node", 0, 0)],
            Rules = [new ModelRule { Name = "all", Allow = true }],
        };
        Inbox.Send(
            new StartOverlay
            {
                Overlay = "office",
                NodeName = Address,
                Seed = [.. _seed],
                HasTso = _queues[0].HasTso,
                HasUso = _queues[0].HasUso,
                Model = model,
                CongestionControl = "cubic",
                Shards = _queues.Length,
                Placement = [.. _queues.Select((_, shard) => new ShardPlacement(shard % Environment.ProcessorCount, null, "the test places it"))],
            },
            [.. _queues.Select(queue => queue.Handle), .. _sockets.Select(socket => socket.Handle)]);
        Inbox.WaitFor<OverlayReady>();
    }

    /// <summary>Waits until the worker's process is gone.</summary>
    public ProcessEnd WaitForEnd()
    {
        Assert.True(Process.Ended.Wait(Bounds.Wait), $"the worker's process did not end; {Inbox.Describe()}");
        return Process.Ended.Result;
    }

    public Socket Open(SocketType type, ProtocolType protocol) => Namespace.In(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol) { ReceiveTimeout = (int)Bounds.Wait.TotalMilliseconds, SendTimeout = (int)Bounds.Wait.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 7000));
        return socket;
    });

    public void Dispose()
    {
        Process?.Dispose();
        Inbox?.Dispose();
        Array.ForEach(_queues, queue => queue.Dispose());
        Array.ForEach(_sockets, socket => socket.Dispose());
        Namespace.Dispose();
    }
}
