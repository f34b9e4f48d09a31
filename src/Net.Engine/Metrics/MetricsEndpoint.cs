using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Net.Engine.Metrics;

/// <summary>Answers <c>GET /metrics</c> over HTTP/1.1 (RFC 9112), one request per connection, and nothing else.</summary>
internal sealed partial class MetricsEndpoint : IAsyncDisposable
{
    private const int MaxHeadBytes = 8 * 1024;
    private const int MaxConnections = 8;
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly Func<byte[]?>? _token;
    private readonly IReadOnlyList<IMetricSource> _sources;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MaxConnections);
    private readonly Task _running;

    /// <summary>Listens at once.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="token">Reads what scrapers must present, at each request, so that a new one counts at once; null asks for none.
    /// Where it gives none, nobody is let in.</param>
    /// <param name="sources">Whose numbers are shown.</param>
    /// <param name="logger">Hears of failures.</param>
    /// <exception cref="SocketException">The address is taken, or not ours.</exception>
    public MetricsEndpoint(EndPoint endPoint, Func<byte[]?>? token, IReadOnlyList<IMetricSource> sources, ILogger logger)
    {
        _token = token;
        _sources = sources;
        _logger = logger;
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        if (isUnix)
        {
            File.Delete(endPoint.ToString()!);
        }

        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            _listener.Bind(endPoint);
            _listener.Listen(MaxConnections);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        _running = AcceptAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
                Socket client = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException || _stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of descriptors, for example: that does not pass within a moment.
                Log.AcceptFailed(_logger, exception);
                await Task.Delay(AcceptRetry).ConfigureAwait(false);
                _places.Release();
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(RequestTime);
            string? head = await ReadHeadAsync(stream, limit.Token).ConfigureAwait(false);
            byte[] answer = Encoding.UTF8.GetBytes(Answer(head));
            await stream.WriteAsync(answer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A scraper that went away, or never asked.
        }
        finally
        {
            _places.Release();
        }
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxHeadBytes];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return Encoding.ASCII.GetString(buffer, 0, length);
            }
        }

        return null;
    }

    private string Answer(string? head)
    {
        string[] lines = (head ?? string.Empty).Split("\r\n");
        if (head is null || !lines[0].EndsWith(" HTTP/1.1", StringComparison.Ordinal))
        {
            return Reply("400 Bad Request", "bad request\n");
        }

        if (!IsPermitted(lines))
        {
            return Reply("401 Unauthorized", "a bearer token is needed\n", "WWW-Authenticate: Bearer\r\n");
        }

        if (lines[0] != "GET /metrics HTTP/1.1")
        {
            return Reply("404 Not Found", "only GET /metrics is served here\n");
        }

        var writer = new PrometheusWriter();
        foreach (IMetricSource source in _sources)
        {
            source.Collect(writer);
        }

        return Reply("200 OK", writer.ToString());
    }

    private bool IsPermitted(string[] lines)
    {
        if (_token is null)
        {
            return true;
        }

        const string name = "authorization: bearer ";
        string? given = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..].Trim();
        return given is not null && _token() is { } token
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(token));
    }

    private static string Reply(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n{body}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The metrics endpoint could not accept a connection.", EventName = "MetricsAcceptFailed")]
        public static partial void AcceptFailed(ILogger logger, Exception exception);
    }
}
