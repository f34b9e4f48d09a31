using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Net.Benchmarks.Core;
using Net.Lab;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Benchmarks.Overlay;

/// <summary>A published worker without an engine: the device and the socket are made here and handed over, as the engine does it. For the data path alone,
/// and for what no user can ask an engine for.</summary>
internal sealed class BareWorker : IDisposable
{
    private const uint Nobody = 65534;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TunDevice _device;
    private readonly DatagramSocket _socket;
    private readonly WorkerLink _link;
    private readonly ConcurrentDictionary<int, PeerReport> _peers = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BareWorker(TunDevice device, DatagramSocket socket, WorkerLink link)
    {
        _device = device;
        _socket = socket;
        _link = link;
    }

    /// <summary>The worker's process.</summary>
    public int ProcessId => _link.ProcessId;

    /// <summary>The newest report.</summary>
    public OverlayReport? Report { get; private set; }

    /// <summary>Peers whose session is up.</summary>
    public int Up => _peers.Values.Count(peer => peer.State == "up");

    /// <summary>Sessions made, all peers together.</summary>
    public int Connections => _peers.Values.Sum(peer => peer.Connections);

    /// <summary>Starts a worker in a node.</summary>
    /// <param name="node">Where device and socket are.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="port">The socket's port.</param>
    /// <param name="start">The first message; what the device can do is filled in.</param>
    /// <param name="remotes">Addresses that are routed into the device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BareWorker> StartAsync(
        LabNode node, string device, int port, StartOverlay start, IEnumerable<string> remotes, CancellationToken cancellationToken)
    {
        string program = BenchedEngine.Program("netmod-worker");
        using var space = NetworkNamespace.Open(node.NamespaceName);
        BareWorker worker = space.Run(() =>
        {
            TunDevice made = TunDevice.Create(device, multiQueue: false);
            TunDevice.SetMtu(device, start.MtuBytes);
            TunDevice.SetQueueLength(device, 1_000);
            DatagramSocket socket = DatagramSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, port), new DatagramSocketOptions());
            bool isRoot = Environment.IsPrivilegedProcess;
            WorkerLink link = WorkerLink.Start(program, ["overlay"], isRoot ? Nobody : null, isRoot ? Nobody : null);
            return new BareWorker(made, socket, link);
        });
        try
        {
            foreach (string address in start.Model.Addresses)
            {
                await TunnelLab.IpAsync(node, $"addr add {address}/32 dev {device}", cancellationToken);
            }

            await TunnelLab.IpAsync(node, $"link set {device} up", cancellationToken);
            foreach (string remote in remotes)
            {
                await TunnelLab.IpAsync(node, $"route add {remote} dev {device}", cancellationToken);
            }

            worker._link.Send(start with { HasTso = worker._device.HasTso, HasUso = worker._device.HasUso }, [worker._device.Handle, worker._socket.Handle]);
            new Thread(worker.Listen) { IsBackground = true, Name = "worker reports" }.Start();
            await worker._ready.Task.WaitAsync(Patience, cancellationToken);
            return worker;
        }
        catch (TimeoutException)
        {
            string said = worker.LastLog();
            worker.Dispose();
            throw new LabException($"the worker did not get ready: {said}");
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Tells the worker something.</summary>
    public void Send(WorkerMessage message) => _link.Send(message, []);

    /// <summary>Waits until so many peers are up.</summary>
    public async Task UntilUpAsync(int count, TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (Up < count)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                string states = string.Join("; ", _peers.Values.Where(peer => peer.State != "up").Take(2).Select(peer => $"{peer.State}: {peer.Reason}"));
                throw new LabException(string.Create(CultureInfo.InvariantCulture, $"{Up} of {count} sessions are up after {patience.TotalSeconds:0} s. {states} {LastLog()}"));
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>What it logged last, for errors.</summary>
    public string LastLog() => string.Join(" | ", _log.Reverse().Take(3).Reverse());

    /// <inheritdoc />
    public void Dispose()
    {
        _link.Kill();

        // The next one may want the same device, which is there until the process has let go of it.
        _link.Ended.Wait(TimeSpan.FromSeconds(5));
        _link.Dispose();
        _socket.Dispose();
        _device.Dispose();
    }

    private void Listen()
    {
        try
        {
            while (_link.Receive() is { } message)
            {
                Take(message);
            }

            _log.Enqueue("it closed its channel");
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidDataException)
        {
            _log.Enqueue(failure.Message);
        }

        _ready.TrySetException(new LabException($"the worker ended: {LastLog()}"));
    }

    private void Take(WorkerMessage message)
    {
        switch (message)
        {
            case OverlayReady ready:
                _ready.TrySetResult(ready.Library);
                break;
            case OverlayReport report:
                Report = report;
                foreach (PeerReport peer in report.Peers)
                {
                    _peers[peer.Index] = peer;
                }

                break;
            case OverlayFailed failed:
                _log.Enqueue(failed.Reason);
                break;
            case WorkerLog line:
                _log.Enqueue(line.Text);
                break;
            default:
                break;
        }

        while (_log.Count > 100)
        {
            _log.TryDequeue(out _);
        }
    }
}
