using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Platform.Linux;
using Net.Testing.Faults;

namespace Net.Benchmarks.Overlay;

/// <summary>Millions of damaged, cut, repeated and invented packets into both ends of sessions, in a process of its own: an assertion of the library ends that process, as it would
/// end a worker. Between them the ends go on talking, and every handshake and datagram that was not damaged must arrive.</summary>
internal static class PacketFuzz
{
    /// <summary>The word that starts this program so: packets, seed.</summary>
    public const string Mode = "fuzz-packets";

    private const int Packets = 10_000_000;
    private const int Seed = 20261126;
    private const int PacketsPerSession = 50_000;
    private const int BadPerGood = 20;
    private const int Kept = 400;
    private const int LargestNoise = 1_500;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Runs it and says whether the process outlived it.</summary>
    public static async Task<FaultResult> RunAsync(CancellationToken cancellationToken)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"{Packets:#,0} bad packets into both ends of sessions");
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(PacketFuzz).Assembly.Location, Mode, Number(Packets), Number(Seed)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("the program could not be started again");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            bool isMet = process.ExitCode == 0;
            string said = (await output).Trim() + (await errors).Trim();
            string otherwise = string.Create(CultureInfo.InvariantCulture, $"it ended with {process.ExitCode}: {said}");
            return new FaultResult(Areas.Overlay, what, 1, isMet ? 1 : 0, null, null, 0, isMet, isMet ? [] : [otherwise]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The process.</summary>
    /// <returns>0 when all was as it should be.</returns>
    public static int Run(string[] words)
    {
        int packets = int.Parse(words[0], CultureInfo.InvariantCulture);
        int seed = int.Parse(words[1], CultureInfo.InvariantCulture);
        using QuicCredentials clientKey = SessionPair.NewKey();
        using QuicCredentials serverKey = SessionPair.NewKey();
        for (int done = 0; done < packets; done += PacketsPerSession)
        {
            if (!TryOne(clientKey, serverKey, new Random(seed + done), Math.Min(PacketsPerSession, packets - done), out string problem))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after {done} packets, seed {seed}: {problem}"));
                return 1;
            }
        }

        return 0;
    }

    private static bool TryOne(QuicCredentials clientKey, QuicCredentials serverKey, Random random, int packets, out string problem)
    {
        var received = new CountingEnd(2, clientKey.PublicKey);
        using var pair = new SessionPair(clientKey, serverKey, new QuicOptions { DiscoverMtu = false }, new SessionEnd(1, serverKey.PublicKey), received);
        var seen = new List<byte[]>();
        pair.Seen = packet =>
        {
            if (seen.Count < Kept)
            {
                seen.Add(packet.ToArray());
            }
            else
            {
                seen[random.Next(Kept)] = packet.ToArray();
            }
        };
        pair.Connect();
        byte[] buffer = new byte[LargestNoise];
        byte[] data = new byte[64];
        int sent = 0;
        for (int bad = 0; bad < packets; bad++)
        {
            if (bad % BadPerGood == 0)
            {
                sent += pair.Send(data, default) ? 1 : 0;
                pair.Move();
            }

            ReadOnlySpan<byte> packet = Damage(random, seen[random.Next(seen.Count)], buffer);
            QuicResult client = pair.Client.Read(packet, pair.Now);
            QuicResult server = pair.Server.Read(packet, pair.Now);
            if (client != QuicResult.Ok || server != QuicResult.Ok)
            {
                problem = $"a bad packet ended a session: {client} {pair.Client.LastErrorText} {server} {pair.Server.LastErrorText}";
                return false;
            }
        }

        problem = received.Count == sent ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{received.Count} of {sent} good datagrams arrived");
        return received.Count == sent;
    }

    // Repeated as it was, cut short, noise behind a first byte QUIC has, or with some bytes changed.
    private static ReadOnlySpan<byte> Damage(Random random, byte[] good, byte[] buffer)
    {
        switch (random.Next(4))
        {
            case 0:
                return good;
            case 1:
                return good.AsSpan(0, random.Next(good.Length));
            case 2:
                Span<byte> noise = buffer.AsSpan(0, random.Next(1, buffer.Length));
                random.NextBytes(noise);
                noise[0] |= 0x40;
                return noise;
            default:
                Span<byte> damaged = buffer.AsSpan(0, good.Length);
                good.CopyTo(damaged);
                for (int flips = random.Next(1, 6); flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                }

                return damaged;
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class CountingEnd(byte shard, byte[] trusted) : SessionEnd(shard, trusted)
    {
        public int Count { get; private set; }

        public override void DatagramReceived(ReadOnlySpan<byte> data) => Count++;
    }
}
