using System.Text;

namespace Net.Rpc.Tests;

/// <summary>Mutated messages from a fixed seed: whatever arrives, a connection answers or closes, and nothing throws out of it.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 3000;
    private const int Seed = 20261121;

    [Fact]
    public async Task Mutated_messages_are_answered_or_close_the_connection()
    {
        byte[][] corpus = [.. Directory.GetFiles(TestData.Path("corpus"), "*.txt").Order(StringComparer.Ordinal)
            .Select(file => Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd('\n')))];
        Assert.True(corpus.Length >= 10);
        var random = new Random(Seed);
        var service = new RecordedService();
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> listen = (_, e) => unobserved.Add(e.Exception);
        TaskScheduler.UnobservedTaskException += listen;
        var reasons = new Dictionary<RpcCloseReason, int>();
        int answered = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using var rig = new Rig(service.Dispatcher, new RpcConnectionOptions { MaxMessageBytes = 64 * 1024 });
            byte[] message = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            byte[] bytes = random.Next(4) == 0
                ? message
                : [.. Encoding.UTF8.GetBytes($"Content-Length: {message.Length}\r\n\r\n"), .. message];
            await rig.Peer.SendRawAsync(bytes);
            await rig.Peer.SendAsync("""{"id":"last","method":"Ping"}""");
            bool isAnswered = false;
            while (!isAnswered && await TryReadAsync(rig) is { } answer)
            {
                isAnswered = answer.Contains("\"last\"", StringComparison.Ordinal);
            }

            answered += isAnswered ? 1 : 0;
            if (!isAnswered)
            {
                RpcCloseReason reason = await rig.ClosedAsync();
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            }
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= listen;
        Assert.DoesNotContain(unobserved, exception => exception.ToString().Contains("Net.Rpc.Wire", StringComparison.Ordinal));
        Assert.True(answered > Rounds / 10, $"{answered} answered");
        Assert.True(reasons.Count >= 3, string.Join(", ", reasons));
    }

    /// <summary>The next message; a half message that swallowed the last request is ended by closing.</summary>
    private static async Task<string?> TryReadAsync(Rig rig)
    {
        Task<string?> reading = rig.Peer.TryReadAsync();
        while (!reading.IsCompleted && !rig.Connection.Completion.IsCompleted)
        {
            // Moves past the message timeout; a connection that waits for nothing is not affected.
            await Task.WhenAny(reading, rig.Connection.Completion, Task.Run(() => rig.Clock.Advance(TimeSpan.FromSeconds(31))));
            await Task.Yield();
        }

        return await reading;
    }

    private static byte[] Mutate(byte[] source, byte[][] corpus, Random random)
    {
        var bytes = new List<byte>(source);
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = random.Next(0, Math.Min(16, bytes.Count - at) + 1);
            switch (random.Next(16))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.Insert(at, "{}[]\",:0-\\\n\r\0\xff"u8[random.Next(14)]);
                    break;
                case 4:
                    byte[] other = corpus[random.Next(corpus.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from)).ToArray());
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes("99999999999"));
                    break;
                default:
                    // Keeps the message valid JSON more often than not, so that what lies behind the parser is reached.
                    if (at < bytes.Count && char.IsAsciiLetterOrDigit((char)bytes[at]))
                    {
                        bytes[at] = (byte)(char.IsAsciiDigit((char)bytes[at]) ? random.Next('0', '9' + 1) : random.Next('A', 'z' + 1));
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
