using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Net.Client;

namespace Net.Engine.Tests;

/// <summary>A whole engine over fake seams, serving at a real socket.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunningEngine()
    {
        EngineRig parts = Parts;
        Options = parts.Options with { SocketPath = _folder.Sub("e.sock"), StateFolder = _folder.Sub("state"), ConfigurationFolder = _folder.Sub("etc"), DrainTimeout = TimeSpan.FromSeconds(1) };
        Engine = new NetEngine(Options, parts.Seams, NullLoggerFactory.Instance);
    }

    /// <summary>Only its fakes are used.</summary>
    public EngineRig Parts { get; } = new();

    public FakeHost Host => Parts.Host;

    public EngineOptions Options { get; }

    public NetEngine Engine { get; }

    public static async Task<RunningEngine> StartAsync()
    {
        var running = new RunningEngine();
        await running.Engine.StartAsync(EngineRig.Token);
        return running;
    }

    public Task<EngineClient> ConnectAsync() =>
        EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = Options.SocketPath, ClientName = "tests", ConnectTimeout = TimeSpan.FromSeconds(50) }, EngineRig.Token);

    /// <summary>A connection that speaks bytes.</summary>
    public async Task<NetworkStream> ConnectRawAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Options.SocketPath), EngineRig.Token);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task SendAsync(NetworkStream stream, string json, string? head = null) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes((head ?? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n")) + json), EngineRig.Token);

    /// <summary>The next message, or null when the engine closed the connection.</summary>
    public static async Task<JsonElement?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            try
            {
                if (await stream.ReadAsync(one, EngineRig.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), EngineRig.Token) == 0)
                {
                    return null;
                }
            }
            catch (IOException)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        byte[] body = new byte[int.Parse(head.ToString().Split(':')[1], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, EngineRig.Token);
        return JsonDocument.Parse(body).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Parts.DisposeAsync();
        _folder.Dispose();
    }
}
