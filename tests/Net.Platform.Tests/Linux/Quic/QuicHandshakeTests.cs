using System.Text;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>How connections begin and end.</summary>
public sealed class QuicHandshakeTests
{
    private static readonly byte[] Address = [2, 0, 0x1f, 0x90, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void Both_sides_see_the_key_of_the_other_and_only_then_the_link_is_up()
    {
        using var pair = new QuicPair();
        Assert.False(pair.Client.IsHandshakeConfirmed);
        Assert.Equal(0, pair.Client.MaxDatagramBytes);

        pair.Run(() => pair.IsUp);

        Assert.Equal(pair.ServerKey.PublicKey, pair.ClientEvents.SeenKey);
        Assert.Equal(pair.ClientKey.PublicKey, pair.ServerEvents.SeenKey);
        Assert.Equal((1, 1), (pair.ClientEvents.Confirmations, pair.ServerEvents.Confirmations));
        Assert.True(pair.Server!.IsServer);
        Assert.Equal("", pair.Client.LastErrorText);
    }

    [Fact]
    public void A_client_refuses_a_server_with_the_wrong_key_and_both_know_why()
    {
        using var pair = new QuicPair();
        pair.ClientEvents.ExpectedKey = pair.ClientKey.PublicKey;

        pair.Run(() => pair.ServerResult != QuicResult.Ok);

        Assert.Equal(QuicResult.Failed, pair.ClientResult);
        Assert.StartsWith("the peer's key was refused (TLS alert bad_certificate", pair.Client.LastErrorText, StringComparison.Ordinal);
        Assert.Equal(QuicResult.Draining, pair.ServerResult);
        Assert.Equal("the peer refused the connection (TLS alert bad_certificate): not a member", pair.Server!.LastErrorText);
        Assert.Equal((0, 0), (pair.ClientEvents.Confirmations, pair.ServerEvents.Confirmations));
    }

    [Fact]
    public void A_server_refuses_a_client_with_the_wrong_key_and_both_know_why()
    {
        using var pair = new QuicPair();
        pair.ServerEvents.ExpectedKey = pair.ServerKey.PublicKey;

        pair.Run(() => pair.ClientResult != QuicResult.Ok);

        Assert.Equal(QuicResult.Failed, pair.ServerResult);
        Assert.StartsWith("the peer's key was refused", pair.Server!.LastErrorText, StringComparison.Ordinal);
        Assert.Equal(QuicResult.Draining, pair.ClientResult);
        Assert.Equal("the peer refused the connection (TLS alert bad_certificate): not a member", pair.Client.LastErrorText);
        Assert.Equal((0, 0), (pair.ClientEvents.Confirmations, pair.ServerEvents.Confirmations));
    }

    [Fact]
    public void Another_application_protocol_is_refused()
    {
        using var pair = new QuicPair(new QuicOptions { Alpn = "other/1" });

        pair.Run(() => pair.ClientResult != QuicResult.Ok);

        Assert.Contains("no_application_protocol", pair.Client.LastErrorText, StringComparison.Ordinal);
        Assert.Contains("no_application_protocol", pair.Server!.LastErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_survives_the_loss_of_every_third_packet()
    {
        using var pair = new QuicPair();
        int count = 0;
        pair.Passes = (_, _) => ++count % 3 != 1;

        pair.Run(() => pair.IsUp);

        Assert.True(count > 3);
    }

    [Fact]
    public void A_client_that_nobody_answers_gives_up_in_time()
    {
        using var pair = new QuicPair(new QuicOptions { HandshakeTimeout = 3 * QuicPair.Second });
        pair.Passes = (_, _) => false;
        long begin = pair.Now;

        pair.Run(() => pair.ClientResult != QuicResult.Ok);

        Assert.Equal(QuicResult.Closed, pair.ClientResult);
        Assert.Equal("the handshake was not complete within its time", pair.Client.LastErrorText);
        Assert.InRange(pair.Now - begin, 3 * QuicPair.Second, 4 * QuicPair.Second);
        Assert.Equal(long.MaxValue, pair.Client.Expiry);
    }

    [Fact]
    public void A_silent_peer_is_given_up_after_the_idle_timeout()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { IdleTimeout = 5 * QuicPair.Second, KeepAlive = 0 });
        pair.RunFor(QuicPair.Second);
        pair.Passes = (_, _) => false;

        pair.Run(() => pair.ClientResult != QuicResult.Ok && pair.ServerResult != QuicResult.Ok);

        Assert.Equal((QuicResult.Closed, QuicResult.Closed), (pair.ClientResult, pair.ServerResult));
        Assert.Equal("nothing came from the peer within the idle timeout", pair.Client.LastErrorText);
    }

    [Fact]
    public void Keep_alive_outlives_the_idle_timeout()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { IdleTimeout = 5 * QuicPair.Second, KeepAlive = 2 * QuicPair.Second });

        pair.RunFor(60 * QuicPair.Second);

        Assert.Equal((QuicResult.Ok, QuicResult.Ok), (pair.ClientResult, pair.ServerResult));
    }

    [Fact]
    public void A_close_tells_its_error_and_reason_without_control_characters()
    {
        using QuicPair pair = QuicPair.Connected();

        pair.Close(fromClient: true, 77, "moved\u001b[31m away"u8);
        pair.Run(() => pair.ServerResult != QuicResult.Ok);

        Assert.Equal(QuicResult.Draining, pair.ServerResult);
        Assert.Equal("the peer closed the connection with error 77: moved?[31m away", pair.Server!.LastErrorText);
        Assert.Equal(77UL, pair.Server.PeerApplicationError);
        Assert.Equal(QuicResult.Closed, pair.Client.Read(new byte[100], pair.Now));
        Assert.Equal("closed by this node", pair.Client.LastErrorText);
        Assert.Equal(0, pair.Client.WriteClose(new byte[1500], 1, default, pair.Now));
    }

    [Fact]
    public void A_long_reason_is_cut()
    {
        using QuicPair pair = QuicPair.Connected();

        pair.Close(fromClient: false, 1, Encoding.UTF8.GetBytes(new string('x', 1000)));
        pair.Run(() => pair.ClientResult != QuicResult.Ok);

        Assert.EndsWith(": " + new string('x', 256), pair.Client.LastErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_proves_its_address_with_the_token_of_a_retry()
    {
        using var pair = new QuicPair();
        var tokens = new QuicTokens();
        byte[] buffer = new byte[1500];
        pair.Client.Write(buffer, pair.Now, out int first);
        Assert.True(QuicInitial.TryRead(buffer.AsSpan(0, first), out QuicInitial initial));
        Assert.True(initial.Token.IsEmpty);
        Assert.False(tokens.VerifyRetry(ref initial, Address, pair.Now));
        byte[] retry = new byte[1500];
        int length = tokens.WriteRetry(retry, initial, Address, newId: 0x0200_0000_0000_0099, pair.Now);
        Assert.InRange(length, 60, 200);

        pair.Client.Read(retry.AsSpan(0, length), pair.Now);
        pair.Client.Write(buffer, pair.Now, out int second);
        Assert.True(QuicInitial.TryRead(buffer.AsSpan(0, second), out QuicInitial again));
        byte[] elsewhere = [.. Address];
        elsewhere[4]++;
        Assert.False(tokens.VerifyRetry(ref again, elsewhere, pair.Now));
        Assert.False(tokens.VerifyRetry(ref again, Address, pair.Now + (11 * QuicPair.Second)));
        Assert.False(new QuicTokens().VerifyRetry(ref again, Address, pair.Now));
        Assert.True(tokens.VerifyRetry(ref again, Address, pair.Now));
        Assert.True(again.IsAddressValidated);
        pair.Server = QuicConnection.Accept(pair.ServerKey, new QuicOptions(), pair.ServerEvents, again, pair.Now);
        pair.Server.Read(buffer.AsSpan(0, second), pair.Now);

        pair.Run(() => pair.IsUp);
    }

    [Fact]
    public void A_server_offers_its_version_to_a_client_of_another()
    {
        using var pair = new QuicPair();
        byte[] buffer = new byte[1500];
        pair.Client.Write(buffer, pair.Now, out int length);
        buffer[1] = 0xfa;
        Assert.True(QuicPacket.TryParse(buffer.AsSpan(0, length), out QuicPacket packet));
        Assert.False(packet.IsSupportedVersion);
        Assert.False(packet.IsInitial);
        Assert.False(QuicInitial.TryRead(buffer.AsSpan(0, length), out _));

        byte[] answer = new byte[100];
        int answered = QuicTokens.WriteVersionNegotiation(answer, packet);

        Assert.True(QuicPacket.TryParse(answer.AsSpan(0, answered), out QuicPacket negotiation));
        Assert.Equal(0u, negotiation.Version);
        Assert.True(negotiation.DestinationId.SequenceEqual(packet.SourceId));
        Assert.Equal([0, 0, 0, 1], answer[(answered - 4)..answered]);
        Assert.Equal(0, QuicTokens.WriteVersionNegotiation(answer, negotiation));
    }

    [Fact]
    public void A_client_ends_when_the_server_has_no_version_in_common()
    {
        using var pair = new QuicPair();
        byte[] buffer = new byte[1500];
        pair.Client.Write(buffer, pair.Now, out int length);
        Assert.True(QuicPacket.TryParse(buffer.AsSpan(0, length), out QuicPacket packet));
        byte[] answer = new byte[100];
        int answered = QuicTokens.WriteVersionNegotiation(answer, packet);
        answer[answered - 1] = 9;

        QuicResult result = pair.Client.Read(answer.AsSpan(0, answered), pair.Now);

        Assert.Equal(QuicResult.Failed, result);
        Assert.Equal("the peer speaks no version of QUIC that we do", pair.Client.LastErrorText);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_node_that_forgot_its_connections_ends_them_at_the_peer_at_once(int datagram)
    {
        using QuicPair pair = QuicPair.Connected();
        pair.RunFor(QuicPair.Second);
        byte[]? last = null;
        pair.Passes = (packet, toServer) =>
        {
            last = toServer ? packet : last;
            return false;
        };
        pair.SendDatagram(fromClient: true, new byte[datagram]);
        using var restarted = new QuicCredentials(QuicPair.Seed(2));
        byte[] reset = new byte[100];

        int length = restarted.WriteStatelessReset(reset, last!);

        Assert.InRange(length, 21, last!.Length - 1);
        Assert.Equal(0, restarted.WriteStatelessReset(new byte[100], last.AsSpan(0, 21)));
        Assert.Equal(QuicResult.Draining, pair.Client.Read(reset.AsSpan(0, length), pair.Now));
        Assert.Equal("the peer does not know this connection any more", pair.Client.LastErrorText);
    }

    [Fact]
    public void A_reset_by_somebody_else_is_ignored()
    {
        using QuicPair pair = QuicPair.Connected();
        byte[]? last = null;
        pair.Passes = (packet, toServer) => (last = packet) is null;
        pair.SendDatagram(fromClient: true, new byte[100]);
        using var stranger = new QuicCredentials(QuicPair.Seed(9));
        byte[] reset = new byte[100];

        int length = stranger.WriteStatelessReset(reset, last!);

        Assert.True(length > 0);
        Assert.Equal(QuicResult.Ok, pair.Client.Read(reset.AsSpan(0, length), pair.Now));
    }

    [Fact]
    public void Both_sides_export_the_same_secret_and_another_for_another_label()
    {
        using QuicPair pair = QuicPair.Connected();
        byte[] client = new byte[32];
        byte[] server = new byte[32];
        byte[] other = new byte[32];

        pair.Client.ExportKey("netmod probe client"u8, client);
        pair.Server!.ExportKey("netmod probe client"u8, server);
        pair.Server.ExportKey("netmod probe server"u8, other);

        Assert.Equal(client, server);
        Assert.NotEqual(client, other);
        Assert.NotEqual(new byte[32], client);
    }

    [Fact]
    public void No_secret_is_exported_before_the_handshake()
    {
        using var pair = new QuicPair();

        Assert.Throws<InvalidOperationException>(() => pair.Client.ExportKey("netmod"u8, new byte[32]));
    }

    [Fact]
    public void Keys_are_updated_under_traffic()
    {
        using QuicPair pair = QuicPair.Connected();
        int updates = 0;
        for (int round = 0; round < 50; round++)
        {
            pair.RunFor(100 * QuicPair.Millisecond);
            updates += pair.Client.TryUpdateKeys(pair.Now) ? 1 : 0;
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [(byte)round]));
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, [(byte)round]));
        }

        pair.RunFor(QuicPair.Second);

        Assert.True(updates >= 5, $"{updates} updates");
        Assert.Equal((50, 50), (pair.ServerEvents.Datagrams.Count, pair.ClientEvents.Datagrams.Count));
        Assert.False(pair.Client.TryUpdateKeys(pair.Now) && pair.Client.TryUpdateKeys(pair.Now));
    }

    [Fact]
    public void Time_that_goes_backwards_is_survived()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.RunFor(QuicPair.Second);

        pair.Now -= 500 * QuicPair.Second;
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [1]));
        pair.RunFor(QuicPair.Second);

        Assert.Equal((QuicResult.Ok, QuicResult.Ok), (pair.ClientResult, pair.ServerResult));
        Assert.Single(pair.ServerEvents.Datagrams);
    }

    [Fact]
    public void An_exception_of_an_event_comes_out_and_ends_the_connection()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.ServerEvents.Throws = new InvalidDataException("no such route");
        pair.SendDatagram(fromClient: true, [1]);

        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => pair.RunFor(QuicPair.Second));

        Assert.Equal("no such route", thrown.Message);
        Assert.Equal("an event failed: no such route", pair.Server!.LastErrorText);
        Assert.Equal(QuicResult.Failed, pair.Server.Write(new byte[1500], pair.Now, out _));
    }

    [Fact]
    public void Ids_that_were_told_are_in_use_and_the_path_is_known()
    {
        using QuicPair pair = QuicPair.Connected();
        pair.RunFor(QuicPair.Second);

        pair.Client.GetInfo(out QuicConnectionInfo info);

        Assert.InRange(pair.ClientEvents.Ids.Count, 2, 8);
        Assert.InRange(info.SmoothedRtt, 2 * QuicPair.Millisecond, 20 * QuicPair.Millisecond);
        Assert.InRange(info.MinRtt, 2 * QuicPair.Millisecond, 3 * QuicPair.Millisecond);
        Assert.True(info.CongestionWindow > 10_000);
        Assert.True(pair.Client.SendQuantumBytes > 0);
    }

    [Fact]
    public void A_disposed_connection_is_refused_and_frees_its_key_last()
    {
        var pair = new QuicPair();
        pair.ClientKey.Dispose();
        Assert.Equal(QuicResult.Ok, pair.Client.Write(new byte[1500], pair.Now, out int written));
        Assert.True(written >= 1200);

        pair.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.Client.Write(new byte[1500], pair.Now, out _));
        Assert.Equal(long.MaxValue, pair.Client.Expiry);
        pair.Client.Dispose();
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        using var key = new QuicCredentials(QuicPair.Seed(1));

        Assert.Throws<ArgumentOutOfRangeException>(() => QuicConnection.Connect(key, new QuicOptions { MaxUdpPayloadBytes = 1199 }, new QuicEnd(1), default, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuicConnection.Connect(key, new QuicOptions { MaxAckDelay = 20 * QuicPair.Second }, new QuicEnd(1), default, 0));
        Assert.Throws<ArgumentException>(() => QuicConnection.Connect(key, new QuicOptions { Alpn = "" }, new QuicEnd(1), default, 0));
        Assert.Throws<ArgumentException>(() => new QuicCredentials(new byte[31]));
    }
}
