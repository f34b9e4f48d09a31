using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

/// <summary>Whatever bytes arrive, parsing ends and throws nothing but <see cref="NetlinkException"/>.</summary>
public sealed class NetlinkFuzzTests
{
    private const int Seed = 20260101;
    private const int RoundsPerSample = 4000;

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "data", "netlink"), "*.bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_understood_whole_and_damaged(string file)
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "netlink", file));
        Assert.True(Parse(sample) > 0, $"{file} holds nothing that is understood");
        var random = new Random(Seed);
        for (int round = 0; round < RoundsPerSample; round++)
        {
            byte[] damaged = sample[..random.Next(sample.Length + 1)];
            for (int flips = random.Next(1, 8); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Parse(damaged);
        }
    }

    [Fact]
    public void Noise_is_survived()
    {
        var random = new Random(Seed);
        for (int round = 0; round < RoundsPerSample; round++)
        {
            byte[] noise = new byte[random.Next(512)];
            random.NextBytes(noise);
            Parse(noise);
        }
    }

    [Fact]
    public void A_writer_refuses_what_does_not_fit()
    {
        Assert.Throws<NetlinkException>(() =>
        {
            var writer = new NetlinkWriter(stackalloc byte[24]);
            writer.Begin(1, 0);
            writer.Attribute(1, "too long for the rest");
        });
        Assert.Throws<NetlinkException>(() =>
        {
            var writer = new NetlinkWriter(stackalloc byte[24]);
            writer.End();
        });
    }

    private static int Parse(byte[] datagram)
    {
        int understood = 0;
        var messages = new NetlinkMessageReader(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            try
            {
                bool isKnown = RouteMessageParser.TryParseLink(message, out _)
                    | RouteMessageParser.TryParseAddress(message, out _)
                    | RouteMessageParser.TryParseRoute(message, out _)
                    | RouteMessageParser.TryParseRule(message, out _)
                    | RouteMessageParser.TryParseNeighbor(message, out _)
                    | NftablesParser.TryParseBaseChain(message, out _)
                    | NftablesParser.TryParseGeneration(message, out _)
                    | NftablesParser.TryParseOwner(message, out _)
                    | NftablesParser.TryParseCounter(message, new FirewallTable(FirewallFamily.Inet, "netmod"), out _, out _);
                understood += isKnown ? 1 : 0;
                NetlinkSocket.ToException(message, "fuzz");
            }
            catch (NetlinkException)
            {
                // The one allowed answer to nonsense.
            }
        }

        new NetworkTracker(NetworkSnapshot.Empty).Apply(new NetlinkMessageReader(datagram));
        return understood;
    }
}
