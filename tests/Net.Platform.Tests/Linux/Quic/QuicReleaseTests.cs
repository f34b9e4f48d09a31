using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Connections whose handshake was released, and what counts as a sign of life.</summary>
public sealed class QuicReleaseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_released_connection_carries_datagrams_and_streams_and_updates_its_keys(bool isAccelerated)
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { AllowAcceleration = isAccelerated });
        pair.RunFor(QuicPair.Second);

        pair.Client.ReleaseHandshake();
        pair.Server!.ReleaseHandshake();
        pair.Server.ReleaseHandshake();

        int updates = 0;
        for (byte round = 1; round <= 20; round++)
        {
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [round]));
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, [round]));
            pair.RunFor(QuicPair.Second);
            updates += pair.Client.TryUpdateKeys(pair.Now) ? 1 : 0;
        }

        Assert.Equal(QuicResult.Ok, pair.Client.OpenStream(out long stream));
        pair.SendStream(fromClient: true, stream, new byte[5000], isFinal: true, out _);
        pair.RunFor(QuicPair.Second);
        Assert.InRange(updates, 5, 20);
        Assert.Equal(20, pair.ServerEvents.Datagrams.Count);
        Assert.Equal(20, pair.ClientEvents.Datagrams.Count);
        Assert.Equal(5000, pair.ServerEvents.Received[stream].Length);
    }

    [Fact]
    public void A_released_connection_says_why_it_exports_no_secret()
    {
        using QuicPair pair = QuicPair.Connected();

        pair.Client.ReleaseHandshake();

        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => pair.Client.ExportKey("netmod"u8, new byte[32]));
        Assert.Contains("released", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_that_is_not_over_is_not_released()
    {
        using var pair = new QuicPair();

        Assert.Throws<InvalidOperationException>(pair.Client.ReleaseHandshake);

        pair.Run(() => pair.IsUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_a_packet_sealed_by_the_peer_is_a_sign_of_life(bool isAccelerated)
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { AllowAcceleration = isAccelerated });
        byte[] buffer = new byte[1500];
        pair.RunFor(QuicPair.Second);
        pair.Client.WriteDatagram(buffer, [1, 2, 3], default, pair.Now, out int length, out _);
        byte[] good = buffer[..length];
        byte[] bad = [.. good];
        bad[^1] ^= 1;

        Assert.Equal(QuicResult.Ok, pair.Server!.Read(bad, pair.Now));
        bool wasBadAuthentic = pair.Server.WasAuthentic;
        Assert.Equal(QuicResult.Ok, pair.Server.Read(good, pair.Now));

        Assert.False(wasBadAuthentic);
        Assert.True(pair.Server.WasAuthentic);
    }
}
