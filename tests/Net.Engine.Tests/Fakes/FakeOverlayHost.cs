using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Net.Contracts;
using Net.Engine.Overlay;
using Net.Engine.Overlay.Runtime;
using Net.Workers;

namespace Net.Engine.Tests;

/// <summary>A host whose devices exist in a fake kernel and whose workers are objects tests speak with.</summary>
internal sealed class FakeOverlayHost(FakeNetwork network) : IOverlayHost, IWorkerLauncher
{
    private int _nextIndex = 100;

    public IOverlayCrypto Crypto { get; } = new FakeCrypto();

    public string HostName { get; set; } = "alice";

    public string? WorkerRemark => null;

    /// <summary>Why the next device or socket cannot be had; null gives it.</summary>
    public string? Refusal { get; set; }

    /// <summary>Why workers cannot be started.</summary>
    public string? LaunchRefusal { get; set; }

    public ConcurrentDictionary<string, IPAddress[]> Names { get; } = new();

    /// <summary>Workers in the order they were started.</summary>
    public BlockingCollection<FakeWorker> Workers { get; } = [];

    public bool Forwards { get; set; }

    /// <summary>The next worker that is started, after its first message came.</summary>
    public FakeWorker NextWorker() => Workers.TryTake(out FakeWorker? worker, TimeSpan.FromSeconds(30)) ? worker : throw new TimeoutException("no worker was started");

    /// <summary>Cores and their memory nodes; even ones are of node 0, odd ones of node 1.</summary>
    public IReadOnlyList<int> Cores { get; set; } = [0, 1, 2, 3];

    /// <summary>The device whose node is known, which is node 1.</summary>
    public string? KnownDevice { get; set; }

    public IReadOnlyList<int> CoresNear(string device) => device == KnownDevice ? [.. Cores.Where(core => core % 2 == 1)] : [];

    public int? NodeOf(int core) => core % 2;

    public IOverlayDevice CreateDevice(string name, int mtuBytes, int queues)
    {
        if (Refusal is { } reason)
        {
            throw new IOException(reason);
        }

        int index = Interlocked.Increment(ref _nextIndex);
        network.AddLink(index, name, isUp: false);
        network.ChangeLink(index, link => link with { MtuBytes = (uint)mtuBytes });
        return new FakeDevice(network, index, queues);
    }

    public void SetMtu(string name, int mtuBytes) =>
        network.ChangeLink(network.Snapshot.FindLink(name)!.Index, link => link with { MtuBytes = (uint)mtuBytes });

    public IOverlaySocket BindSocket(IPEndPoint local, uint mark, int sockets) => new FakeSocket(new IPEndPoint(local.Address, local.Port == 0 ? 50000 : local.Port), sockets);

    public IWorkerLauncher CreateLauncher() => this;

    public IWorkerLink Launch()
    {
        if (LaunchRefusal is { } reason)
        {
            throw new IOException(reason);
        }

        return new FakeWorker(Workers);
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(Names.GetValueOrDefault(host, []));

    public string? EnableForwarding()
    {
        string? changed = Forwards ? null : "forwarding was set to 1";
        Forwards = true;
        return changed;
    }

    public Task<string?> SetResolverAsync(string device, IPAddress[] servers, string zone, CancellationToken cancellationToken) => Task.FromResult<string?>("systemd-resolved is not there.");

    public Task<OverlaySelfTestStep[]> SelfTestAsync(CancellationToken cancellationToken) => Task.FromResult<OverlaySelfTestStep[]>([new("libraries", true, "fake")]);

    private sealed class FakeDevice(FakeNetwork network, int index, int queues) : IOverlayDevice
    {
        public int InterfaceIndex => index;

        public SafeHandle[] Handles { get; } = [.. Enumerable.Range(0, queues).Select(_ => new SafeFileHandle(-1, ownsHandle: false))];

        public bool HasTso => true;

        public bool HasUso => true;

        public void Dispose() => network.RemoveLink(index);
    }

    private sealed class FakeSocket(IPEndPoint local, int sockets) : IOverlaySocket
    {
        public SafeHandle[] Handles { get; } = [.. Enumerable.Range(0, sockets).Select(_ => new SafeFileHandle(-1, ownsHandle: false))];

        public IPEndPoint LocalEndPoint => local;

        public void Dispose()
        {
        }
    }

    /// <summary>Signatures that only whoever made the keys can check: all keys of a test process are known to all of its nodes.</summary>
    private sealed class FakeCrypto : IOverlayCrypto
    {
        private static readonly ConcurrentDictionary<string, byte[]> Seeds = new();

        public void GenerateSeed(Span<byte> seed) => RandomNumberGenerator.Fill(seed);

        public void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
        {
            SHA256.HashData(seed, publicKey);
            Seeds[Convert.ToHexString(publicKey)] = seed.ToArray();
        }

        public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => HMACSHA512.HashData(seed, message, signature);

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
            Seeds.TryGetValue(Convert.ToHexString(publicKey), out byte[]? seed) && HMACSHA512.HashData(seed, message).AsSpan().SequenceEqual(signature);
    }
}
