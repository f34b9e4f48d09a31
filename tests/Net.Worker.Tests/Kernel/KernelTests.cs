using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Net.Platform.Linux;
using Net.Platform.Tests;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Kernel;

/// <summary>Worker processes with devices of the kernel.</summary>
public abstract class KernelTests(int shards, int othersShards, ITestOutputHelper output)
{
    [Fact]
    public void Tcp_of_the_kernel_passes_unharmed_in_large_segments()
    {
        TestNamespace.SkipUnlessPossible();
        using KernelNode a = Pair(out KernelNode b);
        using KernelNode other = b;
        using Socket listener = b.Open(SocketType.Stream, ProtocolType.Tcp);
        listener.Listen();
        using Socket client = a.Open(SocketType.Stream, ProtocolType.Tcp);
        byte[] data = RandomNumberGenerator.GetBytes(16 << 20);

        client.Connect(new IPEndPoint(IPAddress.Parse(b.Address), 7000));
        using Socket server = listener.Accept();
        server.ReceiveTimeout = (int)Bounds.Wait.TotalMilliseconds;
        var sender = new Thread(() =>
        {
            client.Send(data);
            client.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        var received = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (server.Receive(buffer) is > 0 and int length)
        {
            received.Write(buffer, 0, length);
        }

        sender.Join();
        Assert.True(received.ToArray().AsSpan().SequenceEqual(data), "the data changed on its way");
    }

    [Fact]
    public void A_killed_worker_comes_back_on_the_same_descriptors_and_the_peer_notices()
    {
        TestNamespace.SkipUnlessPossible();
        using KernelNode a = Pair(out KernelNode b);
        using KernelNode other = b;
        using Socket from = a.Open(SocketType.Dgram, ProtocolType.Udp);
        using Socket to = b.Open(SocketType.Dgram, ProtocolType.Udp);
        SendUntilReceived(a, from, to, b.Address);
        int before = a.Inbox.WaitForPeer(0, peer => peer.State == "up", "the session up").Connections;

        b.Process.Kill();
        ProcessEnd end = b.WaitForEnd();
        var time = Stopwatch.StartNew();
        b.Start(a, dials: false);
        SendUntilReceived(a, from, to, b.Address);

        output.WriteLine($"packets flow {time.Elapsed.TotalSeconds:0.00} s after the kill");
        Assert.Equal(9, end.Signal);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"packets flowed again only after {time.Elapsed}");

        // Silence alone would be noticed after a minute, so what told the peer was the reset of the new worker.
        a.Inbox.WaitForPeer(0, peer => peer.State == "up" && peer.Connections > before, "another connection");
    }

    [Fact]
    public void A_deleted_device_ends_the_worker_with_the_reason()
    {
        TestNamespace.SkipUnlessPossible();
        using KernelNode a = Pair(out KernelNode b);
        using KernelNode other = b;

        a.Namespace.Ip("link del overlay0");

        Assert.Contains("overlay0", a.Inbox.WaitFor<OverlayFailed>().Reason, StringComparison.Ordinal);
        ProcessEnd end = a.WaitForEnd();
        Assert.True(end.ExitCode == 1 || IsCounted, end.ToString());
    }

    [Fact]
    public void Every_thread_is_locked_while_packets_pass()
    {
        TestNamespace.SkipUnlessPossible();
        using KernelNode a = Pair(out KernelNode b);
        using KernelNode other = b;
        using Socket from = a.Open(SocketType.Dgram, ProtocolType.Udp);
        using Socket to = b.Open(SocketType.Dgram, ProtocolType.Udp);

        SendUntilReceived(a, from, to, b.Address);

        string[] states = [.. Directory.EnumerateDirectories($"/proc/{a.Process.ProcessId}/task").Select(task => File.ReadAllText(Path.Combine(task, "status")))];
        Assert.NotEmpty(states);
        Assert.All(states, state =>
        {
            Assert.Contains("NoNewPrivs:\t1", state, StringComparison.Ordinal);
            Assert.Contains("Seccomp:\t2", state, StringComparison.Ordinal);
        });
        Assert.True(a.Inbox.WaitFor<OverlayReady>().IsLocked);
    }

    [Fact]
    public void A_worker_ends_with_its_engine()
    {
        TestNamespace.SkipUnlessPossible();
        using KernelNode a = Pair(out KernelNode b);
        using KernelNode other = b;

        a.Inbox.Dispose();

        ProcessEnd end = a.WaitForEnd();
        Assert.True(end.IsSuccess || IsCounted, end.ToString());
    }

    // A run that counts coverage writes a file at its end, which the lock forbids.
    private static bool IsCounted => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}coverage{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private KernelNode Pair(out KernelNode b)
    {
        var a = new KernelNode(1, shards);
        b = new KernelNode(2, othersShards);
        a.Namespace.Connect("wire0", b.Namespace, "wire0");
        a.Namespace.Ip($"addr add {a.Underlay}/24 dev wire0");
        b.Namespace.Ip($"addr add {b.Underlay}/24 dev wire0");
        b.Start(a, dials: false);
        a.Start(b, dials: true);
        a.Inbox.WaitForPeer(0, peer => peer.State == "up", "the session up");
        b.Inbox.WaitForPeer(0, peer => peer.State == "up", "the session up");
        return a;
    }

    private static void SendUntilReceived(KernelNode a, Socket from, Socket to, string address)
    {
        var time = Stopwatch.StartNew();
        while (time.Elapsed < Bounds.Wait)
        {
            from.SendTo([1, 2, 3], new IPEndPoint(IPAddress.Parse(address), 7000));
            if (to.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                to.Receive(new byte[16]);
                return;
            }
        }

        Assert.Fail($"no packet came; {a.Inbox.Describe()}");
    }
}

/// <inheritdoc />
public sealed class KernelTestsOfOneShard(ITestOutputHelper output) : KernelTests(1, 1, output);

/// <inheritdoc />
public sealed class KernelTestsOfTwoShards(ITestOutputHelper output) : KernelTests(2, 2, output);

/// <inheritdoc />
public sealed class KernelTestsOfOneShardAndThree(ITestOutputHelper output) : KernelTests(1, 3, output);
