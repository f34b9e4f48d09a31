using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Net.Demo;

/// <summary>The smallest server and client that prove a TCP connection: the demo runs itself in both roles inside the lab.</summary>
internal static class TcpProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Serves until killed: takes connections and sends one line on each.</summary>
    public static async Task<int> ServeAsync(string ports)
    {
        List<Task> serving = [];
        foreach (string port in ports.Split(','))
        {
            var listener = new TcpListener(IPAddress.Any, int.Parse(port, CultureInfo.InvariantCulture));
            listener.Start();
            serving.Add(ServeAsync(listener));
        }

        Console.WriteLine("serving");
        await Task.WhenAll(serving).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Connects once and prints what came of it: <c>connected MS</c>, <c>refused MS</c> or <c>silence MS</c>.</summary>
    public static async Task<int> ConnectAsync(string host, string port)
    {
        var watch = Stopwatch.StartNew();
        string outcome;
        try
        {
            using var client = new TcpClient();
            using var limit = new CancellationTokenSource(Patience);
            await client.ConnectAsync(IPAddress.Parse(host), int.Parse(port, CultureInfo.InvariantCulture), limit.Token).ConfigureAwait(false);
            byte[] buffer = new byte[16];
            outcome = await client.GetStream().ReadAsync(buffer, limit.Token).ConfigureAwait(false) > 0 ? "connected" : "silence";
        }
        catch (OperationCanceledException)
        {
            outcome = "silence";
        }
        catch (SocketException exception)
        {
            outcome = exception.SocketErrorCode == SocketError.ConnectionRefused ? "refused" : exception.SocketErrorCode.ToString();
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome} {watch.Elapsed.TotalMilliseconds:F1}"));
        return 0;
    }

    private static async Task ServeAsync(TcpListener listener)
    {
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync().ConfigureAwait(false);
            try
            {
                await client.GetStream().WriteAsync("hello\n"u8.ToArray()).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // A client that was cut off is what the demo is about.
            }
        }
    }
}
