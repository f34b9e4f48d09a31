using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class DescriptorChannelTests
{
    [Fact]
    public void Bytes_and_descriptors_arrive_together()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, DescriptorChannel theirs) = Pair();
        using DescriptorChannel first = ours;
        using DescriptorChannel second = theirs;
        using var signal = new Wakeup();
        List<SafeHandle> received = [];
        byte[] buffer = new byte[100];

        first.Send("hello"u8, [signal.Handle, signal.Handle]);
        first.Send("x"u8, []);
        int count = second.Receive(buffer, received);

        // The kernel ends a receive where descriptors were sent with the bytes.
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, count));
        Assert.Equal(2, received.Count);
        Assert.Equal(1, second.Receive(buffer, received));
        Assert.Equal(2, received.Count);
        var poller = new Poller(1);
        poller.Set(0, received[1], wantRead: true);
        Assert.Equal(0, poller.Wait(0));
        signal.Signal();
        Assert.Equal(1, poller.Wait(0));
        Assert.True(poller.IsReady(0) && poller.IsReadable(0) && !poller.IsWritable(0));
        received.ForEach(handle => handle.Dispose());
    }

    [Fact]
    public void More_than_a_socket_holds_is_sent_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, DescriptorChannel theirs) = Pair();
        using DescriptorChannel first = ours;
        using DescriptorChannel second = theirs;
        using var signal = new Wakeup();
        byte[] sent = new byte[4_000_000];
        new Random(1).NextBytes(sent);
        var sender = new Thread(() =>
        {
            first.Send(sent, [signal.Handle]);
            first.Shutdown();
        });
        sender.Start();

        List<SafeHandle> received = [];
        using var whole = new MemoryStream();
        byte[] buffer = new byte[70_000];
        for (int count = second.Receive(buffer, received); count > 0; count = second.Receive(buffer, received))
        {
            whole.Write(buffer, 0, count);
        }

        sender.Join();
        Assert.True(whole.ToArray().AsSpan().SequenceEqual(sent));
        Assert.Single(received).Dispose();
    }

    [Fact]
    public void The_end_of_the_other_side_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, DescriptorChannel theirs) = Pair();
        using DescriptorChannel first = ours;
        theirs.Dispose();

        SocketException failure = Assert.Throws<SocketException>(() => first.Send("x"u8, []));

        Assert.Equal(SocketError.Shutdown, failure.SocketErrorCode);
        Assert.Contains("send to a process", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, first.Receive(new byte[10], []));
    }

    [Fact]
    public void Disposing_wakes_a_thread_that_receives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, DescriptorChannel theirs) = Pair();
        using DescriptorChannel second = theirs;
        int count = -1;
        var receiver = new Thread(() => count = ours.Receive(new byte[10], []));
        receiver.Start();

        ours.Dispose();
        ours.Dispose();

        Assert.True(receiver.Join(TimeSpan.FromSeconds(20)), "the receiver still waits");
        Assert.Equal(0, count);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, DescriptorChannel theirs) = Pair();
        using DescriptorChannel first = ours;
        using DescriptorChannel second = theirs;

        Assert.Throws<ArgumentOutOfRangeException>(() => first.Send([], [second.Handle]));
        Assert.Throws<ArgumentOutOfRangeException>(() => first.Send("x"u8, new SafeHandle[254]));
        Assert.Throws<ArgumentOutOfRangeException>(() => first.Receive([], []));
        Assert.Throws<SocketException>(() => DescriptorChannel.FromDescriptor(1_000_000));
    }

    private static (DescriptorChannel Ours, DescriptorChannel Theirs) Pair()
    {
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();

        // The number goes to a new owner, so the first one must not close it.
        int number = (int)theirs.DangerousGetHandle();
        theirs.SetHandleAsInvalid();
        return (ours, DescriptorChannel.FromDescriptor(number));
    }
}
