using System.Net;
using System.Runtime.InteropServices;
using Net.Overlay.Identity;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Worker.Overlay;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Support;

/// <summary>A node of an overlay whose worker runs on a thread of this process, with a loopback UDP socket and a <see cref="HostTunnel"/>. The test is its engine.</summary>
internal sealed class OverlayNode : IDisposable
{
    private readonly DatagramSocket[] _sockets;
    private readonly Thread _thread;
    private readonly WorkerChannel _workerEnd;
    private readonly OverlayWorker _worker;
    private int? _exitCode;
    private Exception? _crash;
    private bool _isStopped;

    public OverlayNode(byte number, string? name = null, int? shards = null)
    {
        Shards = shards ?? ShardedTests.Current;
        Host = new HostTunnel(Shards);
        Clock = new SettableClock(DateTimeOffset.UtcNow);
        Number = number;
        Name = name ?? $"node{number}";
        Seed = SeedOf(number);
        Ed25519.GetPublicKey(Seed, PublicKey);
        _sockets = DatagramSocket.BindGroup(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions(), Shards, ShardSteering.Program(Shards));
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        Inbox = new WorkerInbox(Name, new WorkerChannel(ours));

        // The channel takes a number and owns it: without this the handle would close it too.
        _workerEnd = new WorkerChannel(DescriptorChannel.FromDescriptor((int)theirs.DangerousGetHandle()));
        theirs.SetHandleAsInvalid();
        theirs.Dispose();
        var host = new WorkerHost((handle, _, _) => TunDevice.FromSocket(handle, "tunnel of " + Name), Clock, _ => { });
        _worker = new OverlayWorker(_workerEnd, host);
        _thread = new Thread(Run) { IsBackground = true, Name = Name };
        _thread.Start();
    }

    public SettableClock Clock { get; }

    public byte Number { get; }

    public int Shards { get; }

    public string Name { get; }

    public byte[] Seed { get; }

    public byte[] PublicKey { get; } = new byte[32];

    public NodeId Id => NodeId.FromPublicKey(PublicKey);

    public string Address => $"10.90.0.{Number}";

    public string Address6 => $"fd90::{Number}";

    public IPEndPoint Endpoint => _sockets[0].LocalEndPoint;

    public HostTunnel Host { get; }

    public WorkerInbox Inbox { get; }

    public OverlayModel Model { get; private set; } = new();

    /// <summary>The seed of a node of this number.</summary>
    public static byte[] SeedOf(byte number) => [.. Enumerable.Repeat(number, 32)];

    /// <summary>This node as a peer of another.</summary>
    /// <param name="index">Its index there.</param>
    /// <param name="endpoints">Where it is dialled; none means that it calls.</param>
    public ModelPeer AsPeer(int index, params IPEndPoint[] endpoints) => new()
    {
        Index = index,
        Name = Name,
        PublicKey = PublicKey,
        Addresses = [Address, Address6],
        Endpoints = [.. endpoints.Select(endpoint => endpoint.ToString())],
    };

    /// <summary>A model with these peers, host routes to all and everything allowed.</summary>
    public OverlayModel ModelOf(params ModelPeer[] peers) => new()
    {
        Version = 1,
        Addresses = [Address, Address6],
        Peers = peers,
        Routes =
        [
            new ModelRoute(Address + "/32", "local", -1, 0), new ModelRoute(Address6 + "/128", "local", -1, 0),
            .. peers.SelectMany(peer => peer.Addresses.Select(address => new ModelRoute(address + (address.Contains(':') ? "/128" : "/32"), "node", peer.Index, 0))),
        ],
        Rules = [new ModelRule { Name = "all", Allow = true }],
    };

    public void Start(OverlayModel model, Action<StartOverlay>? configure = null)
    {
        Model = model;

        // The worker wipes its seed; messages are copies, but the model is ours. It is no process of its own that could be locked.
        var start = new StartOverlay { Overlay = "office", NodeName = Name, Seed = [.. Seed], Model = model, LockProcess = false, Shards = Shards };
        configure?.Invoke(start);
        Inbox.Send(start, [.. Host.Devices, .. _sockets.Select(socket => socket.Handle)]);
        Inbox.WaitFor<OverlayReady>();
    }

    public void Replace(OverlayModel model)
    {
        Model = model with { Version = Model.Version + 1 };
        Inbox.Send(new ReplaceModel(Model));
        Inbox.WaitFor<OverlayReport>(report => report.ModelVersion == Model.Version, "the new model in a report");
    }

    public void WaitUntilUp(int peer = 0) => Inbox.WaitForPeer(peer, report => report.State == "up", "the session up");

    /// <summary>Ends the worker as an engine does.</summary>
    /// <returns>Its exit code.</returns>
    public int Stop()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            Inbox.TrySend(new StopOverlay());
        }

        return Join();
    }

    /// <summary>Waits for the worker's end.</summary>
    /// <returns>Its exit code.</returns>
    public int Join()
    {
        Assert.True(_thread.Join(Bounds.Wait), $"the worker of {Name} did not end; {Inbox.Describe()}");
        Assert.True(_crash is null, $"the worker of {Name} crashed: {_crash}");
        return _exitCode!.Value;
    }

    public void Dispose()
    {
        Stop();
        Inbox.Dispose();
        _workerEnd.Dispose();
        Array.ForEach(_sockets, socket => socket.Dispose());
        Host.Dispose();
    }

    private void Run()
    {
        try
        {
            _exitCode = _worker.Run();
        }
        catch (Exception exception)
        {
            // On a thread of the runner it would take all tests down; the test tells of it when it ends.
            _crash = exception;
        }
    }
}
