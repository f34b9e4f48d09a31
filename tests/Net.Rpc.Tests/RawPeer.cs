using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Net.Rpc.Tests;

/// <summary>The far end of a connection, speaking bytes.</summary>
internal sealed class RawPeer(Stream stream) : IAsyncDisposable
{
    private readonly List<byte> _received = [];

    /// <summary>Long enough for a machine under full load; reached only by a failing test.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public Stream Stream => stream;

    public static string Frame(string json) =>
        string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    public Task SendAsync(string json) => SendRawAsync(Frame(json));

    public Task SendRawAsync(string text) => SendRawAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) =>
        await stream.WriteAsync(bytes).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Exactly as many bytes as the text has.</summary>
    public async Task<string> ReadRawAsync(int count)
    {
        while (_received.Count < count)
        {
            Assert.NotEqual(0, await FillAsync());
        }

        string text = Encoding.UTF8.GetString([.. _received[..count]]);
        _received.RemoveRange(0, count);
        return text;
    }

    /// <summary>The body of the next message.</summary>
    public async Task<string> ReadAsync() => await TryReadAsync() ?? throw new EndOfStreamException("The connection was closed.");

    /// <summary>The body of the next message, or null when the connection is closed.</summary>
    public async Task<string?> TryReadAsync()
    {
        while (true)
        {
            string text = Encoding.UTF8.GetString([.. _received]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                int length = int.Parse(text["Content-Length: ".Length..end], CultureInfo.InvariantCulture);
                if (_received.Count >= end + 4 + length)
                {
                    string body = Encoding.UTF8.GetString([.. _received[(end + 4)..(end + 4 + length)]]);
                    _received.RemoveRange(0, end + 4 + length);
                    return body;
                }
            }

            if (await FillAsync() == 0)
            {
                return null;
            }
        }
    }

    /// <summary>Sends a request and returns its answer.</summary>
    public async Task<JsonElement> AskAsync(string json)
    {
        await SendAsync(json);
        return Parse(await ReadAsync());
    }

    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    public static int ErrorCode(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();

    public static string ErrorMessage(JsonElement answer) => answer.GetProperty("error").GetProperty("message").GetString()!;

    public async ValueTask DisposeAsync() => await stream.DisposeAsync();

    private async Task<int> FillAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        int count;
        try
        {
            count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }

        _received.AddRange(buffer.AsSpan(0, count));
        return count;
    }
}
