using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Net.Lab.Tests;

/// <summary>The program that runs inside a node: UDP sockets driven by lines. It answers "who-N" with "you-N SOURCE", like a STUN server.</summary>
internal static class UdpProbeProgram
{
    public static async Task<int> RunAsync(string[] endpoints)
    {
        Socket[] sockets = [.. endpoints.Select(Open)];
        Task[] receivers = [.. sockets.Select(ReceiveAsync)];
        await Console.Out.WriteLineAsync("ready");

        // "INDEX DESTINATION TEXT" until the input ends.
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split(' ', 3);
            await sockets[int.Parse(parts[0], null)].SendToAsync(Encoding.UTF8.GetBytes(parts[2]), IPEndPoint.Parse(parts[1]));
        }

        GC.KeepAlive(receivers);
        return 0;
    }

    private static Socket Open(string endpoint)
    {
        IPEndPoint local = IPEndPoint.Parse(endpoint);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(local);
        return socket;
    }

    private static async Task ReceiveAsync(Socket socket, int index)
    {
        byte[] buffer = new byte[2048];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, any);
            string text = Encoding.UTF8.GetString(buffer, 0, received.ReceivedBytes);
            await Console.Out.WriteLineAsync($"got {index} {received.RemoteEndPoint} {text}");
            if (text.StartsWith("who-", StringComparison.Ordinal))
            {
                await socket.SendToAsync(Encoding.UTF8.GetBytes($"you-{text[4..]} {received.RemoteEndPoint}"), received.RemoteEndPoint);
            }
        }
    }
}
