using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Net.Service.Tests.Agent;

/// <summary>Sockets inside a node, driven by lines "ID VERB ARGUMENTS"; each is answered by "ID OUTCOME".</summary>
internal static class AgentProgram
{
    private static readonly ConcurrentBag<Socket> Listeners = [];

    public static async Task<int> RunAsync()
    {
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            _ = AnswerAsync(words[0], words[1], words[2..]);
        }

        return 0;
    }

    private static async Task AnswerAsync(string id, string verb, string[] arguments)
    {
        string outcome;
        try
        {
            outcome = verb switch
            {
                "listen-tcp" => Listen(IPEndPoint.Parse(arguments[0])),
                "listen-udp" => ListenUdp(IPEndPoint.Parse(arguments[0])),
                "tcp" => await TcpAsync(arguments),
                "udp" => await UdpAsync(arguments),
                "ping" => await PingAsync(arguments),
                "send" => await SendAsync(arguments),
                _ => "unknown",
            };
        }
        catch (SocketException exception)
        {
            outcome = Outcome(exception.SocketErrorCode);
        }
        catch (PingException exception) when (exception.InnerException is SocketException inner)
        {
            outcome = Outcome(inner.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            outcome = "timeout";
        }

        await Console.Out.WriteLineAsync($"{id} {outcome}");
    }

    private static string Outcome(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AccessDenied => "unreachable",
        SocketError.TimedOut => "timeout",
        _ => error.ToString(),
    };

    private static string Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(endPoint);
        listener.Listen();
        Listeners.Add(listener);
        _ = AcceptAsync(listener);
        return "listening";
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            using Socket client = await listener.AcceptAsync();
        }
    }

    private static string ListenUdp(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(endPoint);
        Listeners.Add(socket);
        _ = EchoAsync(socket);
        return "listening";
    }

    private static async Task EchoAsync(Socket socket)
    {
        byte[] buffer = new byte[2048];
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, any);
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
            catch (SocketException)
            {
                // An answer that our own firewall refused; the next question is another matter.
            }
        }
    }

    private static async Task<string> TcpAsync(string[] arguments)
    {
        IPEndPoint target = IPEndPoint.Parse(arguments[0]);
        using CancellationTokenSource limit = Limit(arguments[1]);
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (arguments.Length > 2)
        {
            socket.Bind(IPEndPoint.Parse(arguments[2]));
        }

        await socket.ConnectAsync(target, limit.Token);
        return "answered";
    }

    private static async Task<string> UdpAsync(string[] arguments)
    {
        IPEndPoint target = IPEndPoint.Parse(arguments[0]);
        using CancellationTokenSource limit = Limit(arguments[1]);
        using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (arguments.Length > 2)
        {
            socket.Bind(IPEndPoint.Parse(arguments[2]));
        }

        await socket.ConnectAsync(target, limit.Token);
        await socket.SendAsync("question"u8.ToArray(), limit.Token);
        await socket.ReceiveAsync(new byte[64], limit.Token);
        return "answered";
    }

    private static async Task<string> PingAsync(string[] arguments)
    {
        using var ping = new Ping();
        PingReply reply = await ping.SendPingAsync(IPAddress.Parse(arguments[0]), int.Parse(arguments[1], null));
        return reply.Status switch
        {
            IPStatus.Success => "answered",
            IPStatus.TimedOut => "timeout",
            IPStatus.DestinationHostUnreachable or IPStatus.DestinationNetworkUnreachable or IPStatus.DestinationPortUnreachable
                or IPStatus.DestinationProhibited or IPStatus.DestinationUnreachable => "unreachable",
            _ => reply.Status.ToString(),
        };
    }

    // Sends bytes over TCP and gives what comes back until the peer closes: both in base 64.
    private static async Task<string> SendAsync(string[] arguments)
    {
        using CancellationTokenSource limit = Limit(arguments[1]);
        IPEndPoint target = IPEndPoint.Parse(arguments[0]);
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target, limit.Token);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(await RawHttp.ExchangeAsync(socket, Convert.FromBase64String(arguments[2]), limit.Token)));
    }

    private static CancellationTokenSource Limit(string milliseconds) => new(TimeSpan.FromMilliseconds(int.Parse(milliseconds, null)));
}
