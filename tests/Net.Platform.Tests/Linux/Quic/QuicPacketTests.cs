using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>What is read of packets before anybody proved anything.</summary>
public sealed class QuicPacketTests
{
    private const int Seed = 20261104;

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "quic"), "*.bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_short_packet_shows_its_connection_id()
    {
        byte[] packet = [0x43, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xff];

        Assert.True(QuicPacket.TryParse(packet, out QuicPacket parsed));

        Assert.False(parsed.IsLongHeader);
        Assert.False(parsed.IsInitial);
        Assert.True(parsed.IsSupportedVersion);
        Assert.Equal(0x0102030405060708UL, parsed.ShortDestinationId);
        Assert.True(parsed.SourceId.IsEmpty);
    }

    [Fact]
    public void A_long_packet_shows_version_and_both_ids()
    {
        byte[] packet = [0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 2, 0xaa, 0xbb, 0];

        Assert.True(QuicPacket.TryParse(packet, out QuicPacket parsed));

        Assert.True(parsed.IsLongHeader);
        Assert.True(parsed.IsInitial);
        Assert.Equal(1u, parsed.Version);
        Assert.Equal(0x0102030405060708UL, parsed.ShortDestinationId);
        Assert.Equal([0xaa, 0xbb], parsed.SourceId.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("4001020304050607")]
    [InlineData("c00000000114")]
    [InlineData("c000000001080102030405060708")]
    [InlineData("c000000001080102030405060708020a")]
    [InlineData("c0000000011501020304050607080910111213141516171819202100")]
    public void What_is_cut_or_too_long_is_no_packet(string hex)
    {
        Assert.False(QuicPacket.TryParse(Convert.FromHexString(hex), out _));
        Assert.False(QuicInitial.TryRead(Convert.FromHexString(hex), out _));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_and_its_damaged_forms_are_survived(string file)
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "quic", file));
        Assert.True(QuicPacket.TryParse(sample, out QuicPacket whole));
        Assert.Equal(file.StartsWith("short", StringComparison.Ordinal), !whole.IsLongHeader);

        // A server's first packet looks like a client's until its seal is tried.
        Assert.Equal(file.StartsWith("initial", StringComparison.Ordinal), QuicInitial.TryRead(sample, out _));
        using var key = new QuicCredentials(QuicPair.Seed(2));
        var tokens = new QuicTokens();
        byte[] answer = new byte[1500];
        byte[] address = new byte[28];
        var random = new Random(Seed);
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = sample[..(round % 2 == 0 ? sample.Length : random.Next(sample.Length + 1))];
            for (int flips = random.Next(1, 8); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, 128))] = (byte)random.Next(256);
            }

            if (QuicPacket.TryParse(damaged, out QuicPacket parsed))
            {
                Assert.InRange(QuicTokens.WriteVersionNegotiation(answer, parsed), 0, answer.Length);
                key.WriteStatelessReset(answer, damaged);
            }

            if (QuicInitial.TryRead(damaged, out QuicInitial initial))
            {
                Assert.False(tokens.VerifyRetry(ref initial, address, 1));
                Assert.InRange(tokens.WriteRetry(answer, initial, address, 1, 1), 0, answer.Length);
            }
        }
    }

    [Fact]
    public void An_address_of_no_family_of_ours_is_refused()
    {
        Assert.Throws<ArgumentException>(() =>
        {
            QuicInitial initial = default;
            new QuicTokens().VerifyRetry(ref initial, new byte[29], 1);
        });
    }

    [Fact]
    public void A_packet_that_was_never_read_begins_no_connection()
    {
        using var key = new QuicCredentials(QuicPair.Seed(1));

        Assert.Throws<ArgumentException>(() => QuicConnection.Accept(key, new QuicOptions(), new QuicEnd(1), default, 1));
    }

    [Fact]
    public void What_does_not_fit_into_the_answer_is_not_written()
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "quic", "initial-client.bin"));
        Assert.True(QuicInitial.TryRead(sample, out QuicInitial initial));
        Assert.True(QuicPacket.TryParse(sample, out QuicPacket packet));

        Assert.Equal(0, new QuicTokens().WriteRetry(new byte[20], initial, new byte[16], 1, 1));
        Assert.Equal(0, QuicTokens.WriteVersionNegotiation(new byte[10], packet));
    }
}
