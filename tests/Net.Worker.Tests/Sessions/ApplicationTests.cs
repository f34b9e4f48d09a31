using System.Security.Cryptography;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Sessions;

/// <summary>Tests of peers and streams of applications.</summary>
public abstract class ApplicationTests(int shards) : ShardedTests(shards)
{
    [Fact]
    public void A_peer_test_gives_round_trips_mtu_and_throughput()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.A.Inbox.Send(new TestPeer(5, 0, 3, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(300), Mtu: true));

        PeerTested result = pair.A.Inbox.WaitFor<PeerTested>();
        Assert.Null(result.Problem);
        Assert.Equal((5, 3), (result.RequestId, result.Sent));
        Assert.Equal(3, result.RoundTrips.Length);
        Assert.All(result.RoundTrips, time => Assert.True(time > TimeSpan.Zero));
        Assert.InRange(result.PathMtuBytes!.Value, 1_100, 1_420);
        Assert.True(result.BitsPerSecond > 100_000, $"{result.BitsPerSecond} bits per second");
    }

    [Fact]
    public void A_peer_test_works_on_a_stream_too()
    {
        using OverlayPair pair = OverlayPair.Up(startA: start => start.Datagrams = false);

        pair.A.Inbox.Send(new TestPeer(6, 0, 2, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200), Mtu: true));

        PeerTested result = pair.A.Inbox.WaitFor<PeerTested>();
        Assert.Null(result.Problem);
        Assert.Equal(2, result.RoundTrips.Length);
        Assert.Equal(1_420, result.PathMtuBytes);
        Assert.True(result.BitsPerSecond > 100_000, $"{result.BitsPerSecond} bits per second");
    }

    [Fact]
    public void A_test_without_a_session_says_so()
    {
        using var a = new OverlayNode(1);
        using var b = new OverlayNode(2);
        a.Start(a.ModelOf(b.AsPeer(0)));

        a.Inbox.Send(new TestPeer(1, 0, 1, TimeSpan.FromSeconds(1), null, Mtu: false));
        a.Inbox.Send(new TestPeer(2, 77, 1, TimeSpan.FromSeconds(1), null, Mtu: false));

        Assert.Contains("no session", a.Inbox.WaitFor<PeerTested>(result => result.RequestId == 1).Problem, StringComparison.Ordinal);
        Assert.Contains("no such peer", a.Inbox.WaitFor<PeerTested>(result => result.RequestId == 2).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_ends_with_the_session_under_it()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.A.Inbox.Send(new TestPeer(1, 0, 1, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), Mtu: false));
        pair.A.Inbox.WaitForPeer(0, peer => peer.SentBytes > 10_000, "test data under way");

        pair.B.Stop();

        PeerTested result = pair.A.Inbox.WaitFor<PeerTested>();
        Assert.Contains("the session ended", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_carries_a_megabyte_unharmed_while_a_slow_reader_holds_the_writer_back()
    {
        using OverlayPair pair = OverlayPair.Up();
        byte[] data = RandomNumberGenerator.GetBytes(4 << 20);
        pair.A.Inbox.Send(new OpenApplicationStream(11, 0, "files"));
        Assert.Null(pair.A.Inbox.WaitFor<ApplicationStreamOpened>().Problem);
        const int piece = 64 << 10;
        int sent = 0;
        int answered = 0;

        // Nothing is consumed at the other end, so windows fill up and writes stay unanswered.
        while (sent < data.Length)
        {
            pair.A.Inbox.Send(new WriteApplicationStream(11, data.AsSpan(sent, piece).ToArray(), sent + piece == data.Length));
            sent += piece;
        }

        ApplicationStreamOpened opened = pair.B.Inbox.WaitFor<ApplicationStreamOpened>();
        pair.B.Inbox.WaitFor<ApplicationStreamReceived>();
        answered = pair.A.Inbox.All<ApplicationStreamWritten>().Length;
        Assert.True(answered < sent / piece, "all writes were answered although nobody read");
        var received = new MemoryStream();
        int after = 0;
        bool isFinal = false;
        while (!isFinal)
        {
            ApplicationStreamReceived part = pair.B.Inbox.WaitForNext<ApplicationStreamReceived>(ref after);
            received.Write(part.Data);
            isFinal = part.IsFinal;
            pair.B.Inbox.Send(new ConsumeApplicationStream(opened.StreamId, part.Data.Length));
        }

        Assert.Equal(("files", true), (opened.Protocol, opened.StreamId < 0));
        Assert.True(received.ToArray().AsSpan().SequenceEqual(data), "the data changed on its way");
    }

    [Fact]
    public void A_stream_answers_and_ends_when_both_sides_are_done()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.A.Inbox.Send(new OpenApplicationStream(1, 0, "echo"));
        pair.A.Inbox.Send(new WriteApplicationStream(1, [1, 2, 3], IsFinal: true));

        ApplicationStreamReceived asked = pair.B.Inbox.WaitFor<ApplicationStreamReceived>(part => part.IsFinal, "the last piece");
        pair.B.Inbox.Send(new ConsumeApplicationStream(asked.StreamId, 3));
        pair.B.Inbox.Send(new WriteApplicationStream(asked.StreamId, [4], IsFinal: true));

        Assert.Equal([4], pair.A.Inbox.WaitFor<ApplicationStreamReceived>(part => part.Data.Length > 0, "the answer").Data);
        Assert.Equal(1, pair.A.Inbox.WaitFor<ApplicationStreamClosed>().StreamId);
        Assert.Equal(asked.StreamId, pair.B.Inbox.WaitFor<ApplicationStreamClosed>().StreamId);
    }

    [Fact]
    public void A_stream_ends_with_its_session_and_says_why()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.A.Inbox.Send(new OpenApplicationStream(1, 0, "chat"));
        pair.A.Inbox.Send(new WriteApplicationStream(1, [1], IsFinal: false));
        pair.B.Inbox.WaitFor<ApplicationStreamReceived>();

        pair.B.Stop();

        ApplicationStreamClosed closed = pair.A.Inbox.WaitFor<ApplicationStreamClosed>();
        Assert.Contains("the overlay stops", closed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_cannot_be_opened_without_a_session_or_a_name()
    {
        using OverlayPair pair = OverlayPair.Up();

        pair.A.Inbox.Send(new OpenApplicationStream(1, 9, "chat"));
        pair.A.Inbox.Send(new OpenApplicationStream(2, 0, new string('x', 65)));
        pair.A.Inbox.Send(new WriteApplicationStream(3, [1], IsFinal: true));

        Assert.Contains("no session", pair.A.Inbox.WaitFor<ApplicationStreamOpened>(opened => opened.StreamId == 1).Problem, StringComparison.Ordinal);
        Assert.Contains("1 to 64 bytes", pair.A.Inbox.WaitFor<ApplicationStreamOpened>(opened => opened.StreamId == 2).Problem, StringComparison.Ordinal);
        Assert.Equal(3, pair.A.Inbox.WaitFor<ApplicationStreamClosed>().StreamId);
    }

    [Fact]
    public void A_stream_that_is_closed_at_once_ends_at_the_peer()
    {
        using OverlayPair pair = OverlayPair.Up();
        pair.A.Inbox.Send(new OpenApplicationStream(1, 0, "chat"));
        pair.A.Inbox.Send(new WriteApplicationStream(1, [1], IsFinal: false));
        pair.B.Inbox.WaitFor<ApplicationStreamReceived>();

        pair.A.Inbox.Send(new CloseApplicationStream(1));

        pair.B.Inbox.WaitFor<ApplicationStreamClosed>();
    }
}

/// <inheritdoc />
public sealed class ApplicationTestsOfOneShard() : ApplicationTests(1);

/// <inheritdoc />
public sealed class ApplicationTestsOfTwoShards() : ApplicationTests(2);
