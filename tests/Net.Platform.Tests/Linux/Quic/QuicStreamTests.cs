using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Streams: order, windows, memory and their ends.</summary>
public sealed class QuicStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_megabyte_arrives_whole_in_small_windows_with_and_without_loss(int lossEvery)
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { StreamWindowBytes = 20_000, ConnectionWindowBytes = 30_000, DiscoverMtu = false });
        int count = 0;
        pair.Passes = (_, _) => lossEvery == 0 || ++count % lossEvery != 0;
        byte[] data = new byte[1_000_000];
        new Random(20261102).NextBytes(data);
        Assert.Equal(QuicResult.Ok, pair.Client.OpenStream(out long stream));

        int sent = 0;
        bool isFinished = false;
        int held = 0;
        pair.Run(
            () =>
            {
                if (!isFinished)
                {
                    QuicResult result = pair.SendStream(fromClient: true, stream, data.AsSpan(sent), isFinal: true, out int consumed);
                    Assert.True(result is QuicResult.Ok or QuicResult.Blocked);
                    sent += consumed;
                    isFinished = sent == data.Length;
                    held = Math.Max(held, pair.Client.HeldStreamBytes);
                }

                return pair.ServerEvents.Finished.Contains(stream);
            },
            limit: 600 * QuicPair.Second);
        pair.RunFor(5 * QuicPair.Second);

        Assert.Equal([stream], pair.ServerEvents.Opened);
        Assert.True(data.AsSpan().SequenceEqual(pair.ServerEvents.Received[stream].ToArray()));
        Assert.Equal((ulong)data.Length, pair.ClientEvents.Acknowledged[stream]);
        // A window that was consumed is open again before its acknowledgement is here.
        Assert.InRange(held, 4096, 65_536);
        Assert.Equal(0, pair.Client.HeldStreamBytes);
    }

    [Fact]
    public void Memory_is_given_back_with_each_acknowledgement_while_the_rest_is_under_way()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { DiscoverMtu = false });
        pair.Client.OpenStream(out long stream);
        byte[] data = new byte[9000];
        int packet = 0;

        // The first packets arrive, those behind them do not.
        pair.Passes = (_, toServer) => !toServer || ++packet <= 4;
        pair.SendStream(fromClient: true, stream, data, isFinal: false, out int consumed);
        int held = pair.Client.HeldStreamBytes;
        pair.RunFor(20 * QuicPair.Millisecond);
        int rest = pair.Client.HeldStreamBytes;
        pair.Passes = (_, _) => true;
        pair.RunFor(5 * QuicPair.Second);

        Assert.Equal(9000, consumed);
        Assert.Equal(12288, held);
        Assert.Equal(8192, rest);
        Assert.Equal(0, pair.Client.HeldStreamBytes);
        Assert.Equal(9000, pair.ServerEvents.Received[stream].Length);
    }

    [Fact]
    public void A_stream_is_closed_on_both_sides_when_both_have_finished()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long stream);

        pair.SendStream(fromClient: true, stream, "ping"u8, isFinal: true, out _);
        pair.RunFor(QuicPair.Second);
        Assert.Empty(pair.ServerEvents.Closed);
        pair.SendStream(fromClient: false, stream, default, isFinal: true, out _);
        pair.RunFor(QuicPair.Second);

        Assert.Equal("ping"u8, pair.ServerEvents.Received[stream].ToArray());
        Assert.Equal(0UL, pair.ServerEvents.Closed[stream]);
        Assert.Equal(0UL, pair.ClientEvents.Closed[stream]);
        Assert.Equal(QuicResult.StreamGone, pair.SendStream(fromClient: true, stream, "more"u8, isFinal: false, out _));
        pair.Client.ResetStream(stream, 1);
        pair.Client.ExtendStreamWindow(stream, 1);
    }

    [Fact]
    public void Nothing_can_be_sent_behind_the_end()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long stream);
        pair.SendStream(fromClient: true, stream, "end"u8, isFinal: true, out _);

        Assert.Equal(QuicResult.StreamGone, pair.SendStream(fromClient: true, stream, "more"u8, isFinal: false, out int consumed));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void A_reset_tells_its_error_and_ends_the_stream()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long stream);
        pair.SendStream(fromClient: true, stream, new byte[5000], isFinal: false, out _);
        pair.RunFor(QuicPair.Second);

        pair.Client.ResetStream(stream, 55);
        pair.RunFor(QuicPair.Second);

        Assert.Equal(55UL, pair.ServerEvents.Resets[stream]);
        Assert.Equal(55UL, pair.ServerEvents.Closed[stream]);
        Assert.Equal(55UL, pair.ClientEvents.Closed[stream]);
        Assert.Equal(0, pair.Client.HeldStreamBytes);
        Assert.Equal((QuicResult.Ok, QuicResult.Ok), (pair.ClientResult, pair.ServerResult));
    }

    [Fact]
    public void An_error_code_that_QUIC_cannot_carry_is_refused_before_the_library_sees_it()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long stream);

        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.ResetStream(stream, 1UL << 62));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.WriteClose(new byte[1500], 1UL << 62, default, pair.Now));

        pair.Client.ResetStream(stream, (1UL << 62) - 1);
        pair.Close(fromClient: true, (1UL << 62) - 1, default);
        pair.Run(() => pair.ServerResult != QuicResult.Ok);
        Assert.Equal((1UL << 62) - 1, pair.Server!.PeerApplicationError);
    }

    [Fact]
    public void A_receiver_that_does_not_consume_stops_the_sender_and_lets_it_go_on_later()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { StreamWindowBytes = 10_000, DiscoverMtu = false });
        pair.ServerEvents.ConsumesAtOnce = false;
        pair.Client.OpenStream(out long stream);
        byte[] data = new byte[15_000];
        int sent = 0;
        void Send()
        {
            pair.SendStream(fromClient: true, stream, data.AsSpan(sent), isFinal: true, out int consumed);
            sent += consumed;
        }

        for (int round = 0; round < 10; round++)
        {
            Send();
            pair.RunFor(50 * QuicPair.Millisecond);
        }

        Assert.Equal(10_000, sent);
        pair.Server!.ExtendStreamWindow(stream, 5_000);
        for (int round = 0; round < 10; round++)
        {
            pair.RunFor(50 * QuicPair.Millisecond);
            Send();
        }

        Assert.Equal(15_000, sent);
        Assert.Contains(stream, pair.ServerEvents.Finished);
    }

    [Fact]
    public void Unread_bytes_of_closed_streams_do_not_use_up_the_window_of_the_connection()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { StreamWindowBytes = 8_000, ConnectionWindowBytes = 16_000, DiscoverMtu = false });
        pair.ServerEvents.ConsumesAtOnce = false;
        for (int round = 0; round < 10; round++)
        {
            Assert.Equal(QuicResult.Ok, pair.Client.OpenStream(out long stream));
            int sent = 0;
            pair.Run(() =>
            {
                pair.SendStream(fromClient: true, stream, new byte[8_000 - sent], isFinal: true, out int consumed);
                sent += consumed;
                return sent == 8_000;
            });
            pair.RunFor(QuicPair.Second);
            pair.SendStream(fromClient: false, stream, default, isFinal: true, out _);
            pair.Run(() => pair.ServerEvents.Closed.ContainsKey(stream) && pair.ClientEvents.Closed.ContainsKey(stream));
        }

        Assert.Equal(10, pair.ServerEvents.Closed.Count);
    }

    [Fact]
    public void The_limit_of_open_streams_is_kept_and_moves_on_when_one_ends()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { MaxBidirectionalStreams = 2 });
        pair.Client.OpenStream(out long first);
        pair.Client.OpenStream(out _);
        Assert.Equal(QuicResult.Blocked, pair.Client.OpenStream(out long none));
        Assert.Equal(-1, none);

        pair.SendStream(fromClient: true, first, "a"u8, isFinal: true, out _);
        pair.RunFor(QuicPair.Second);
        pair.SendStream(fromClient: false, first, "b"u8, isFinal: true, out _);
        pair.RunFor(QuicPair.Second);

        Assert.Equal(1, pair.ClientEvents.LimitExtensions - 1);
        Assert.Equal(QuicResult.Ok, pair.Client.OpenStream(out _));
    }

    [Fact]
    public void Both_sides_open_streams_and_datagrams_go_between()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long ours);
        pair.Server!.OpenStream(out long theirs);

        pair.SendStream(fromClient: true, ours, "from client"u8, isFinal: false, out _);
        pair.SendDatagram(fromClient: true, [1]);
        pair.SendStream(fromClient: false, theirs, "from server"u8, isFinal: false, out _);
        pair.RunFor(QuicPair.Second);

        Assert.Equal((0L, 1L), (ours, theirs));
        Assert.Equal("from client"u8, pair.ServerEvents.Received[ours].ToArray());
        Assert.Equal("from server"u8, pair.ClientEvents.Received[theirs].ToArray());
        Assert.Single(pair.ServerEvents.Datagrams);
    }

    [Fact]
    public void Disposing_frees_what_was_never_acknowledged()
    {
        QuicPair pair = QuicPair.Connected();
        pair.Client.OpenStream(out long stream);
        pair.Passes = (_, _) => false;
        pair.SendStream(fromClient: true, stream, new byte[5000], isFinal: false, out _);
        Assert.True(pair.Client.HeldStreamBytes > 0);

        pair.Dispose();

        Assert.Equal(0, pair.Client.HeldStreamBytes);
    }

    [Fact]
    public void An_event_cannot_call_back_into_what_it_came_from()
    {
        using QuicPair pair = QuicPair.Connected();
        var events = new Reentrant();
        using QuicConnection client = QuicConnection.Connect(pair.ClientKey, new QuicOptions(), events, default, pair.Now);
        events.Connection = client;

        // NewConnectionId of the handshake is the first event that calls back.
        byte[] buffer = new byte[1500];
        client.Write(buffer, pair.Now, out int written);
        Assert.True(QuicInitial.TryRead(buffer.AsSpan(0, written), out QuicInitial initial));
        using QuicConnection server = QuicConnection.Accept(pair.ServerKey, new QuicOptions(), new QuicEnd(5), initial, pair.Now);
        server.Read(buffer.AsSpan(0, written), pair.Now);
        server.Write(buffer, pair.Now, out written);

        Assert.Throws<InvalidOperationException>(() =>
        {
            for (int round = 0; round < 10; round++)
            {
                client.Read(buffer.AsSpan(0, written), pair.Now);
                server.Write(buffer, pair.Now, out written);
            }
        });
    }

    private sealed class Reentrant : QuicConnectionEvents
    {
        private ulong _next;

        public QuicConnection? Connection { get; set; }

        public override bool VerifyPeer(ReadOnlySpan<byte> publicKey)
        {
            Connection!.Dispose();
            return true;
        }

        public override void DatagramReceived(ReadOnlySpan<byte> data)
        {
        }

        public override ulong NewConnectionId() => ++_next;
    }
}
