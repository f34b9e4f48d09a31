using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Net.Rpc;
using Net.Rpc.Transport;

namespace Net.Benchmarks.Rpc;

/// <summary>The other end of the RPC benchmarks, in a process of its own as the engine is.</summary>
internal sealed class RpcServerProcess : IAsyncDisposable
{
    /// <summary>The hidden first argument that makes this program the server.</summary>
    public const string Mode = "rpc-server";

    public const string Echo = "bench.echo";
    public const string Count = "bench.count";

    private readonly Process _process;

    private RpcServerProcess(Process process, string socketPath)
    {
        _process = process;
        SocketPath = socketPath;
    }

    public string SocketPath { get; }

    /// <summary>Starts the server and waits until it listens.</summary>
    public static async Task<RpcServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        string socketPath = Path.Combine(Path.GetTempPath(), $"netmod-bench-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(RpcServerProcess).Assembly.Location, Mode, socketPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("the server process did not start");
        RpcServerProcess server = new(process, socketPath);
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) != "listening")
        {
            await server.DisposeAsync();
            throw new InvalidOperationException("the server process did not listen");
        }

        return server;
    }

    /// <summary>The server itself: runs until its standard input ends, which it also does when its parent dies.</summary>
    public static async Task<int> ServeAsync(string socketPath)
    {
        RpcDispatcher dispatcher = new();
        dispatcher.Add(Echo, RpcJsonContext.Default.EchoMessage, RpcJsonContext.Default.EchoMessage, (message, _, _) => ValueTask.FromResult(message));
        dispatcher.AddStream(Count, RpcJsonContext.Default.CountRequest, RpcJsonContext.Default.EchoMessage, (request, _, cancellationToken) => CountAsync(request.Count, cancellationToken));
        await using RpcServer server = new(dispatcher);
        using Socket listener = UnixSocketTransport.Listen(socketPath);
        using CancellationTokenSource stop = new();
        Task serving = server.RunAsync(token => UnixSocketTransport.AcceptAsync(listener, cancellationToken: token), stop.Token);
        Console.WriteLine("listening");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await stop.CancelAsync();
        await serving;
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
        File.Delete(SocketPath);
    }

    // Items are ready at once: what is measured is the wire, not their making.
    private static async IAsyncEnumerable<EchoMessage> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int number = 0; number < count && !cancellationToken.IsCancellationRequested; number++)
        {
            yield return new EchoMessage(number, "item", true);
        }
    }
}
