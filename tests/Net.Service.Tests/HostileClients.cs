using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Net.Client;
using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>An engine with rules for clients that break the protocol, and a client that keeps to it and must not notice.</summary>
public sealed partial class HostileClients : IAsyncLifetime
{
    private const int RuleCount = 300;

    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;

    internal EngineProcess Engine => _engine!;

    internal EngineClient Client => _client!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // The tests say so themselves.
            return;
        }

        _lab = await TestHost.PairAsync();
        _engine = await EngineProcess.StartAsync(_lab.Node("left"), _folder);
        _client = await _engine.ConnectAsync();
        FirewallRule[] rules = [.. Enumerable.Range(1, RuleCount).Select(number => Rules.BlockTcp(string.Create(CultureInfo.InvariantCulture, $"rule {number}"), (ushort)(1000 + number)))];
        await _client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(rules), Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A message with its head.</summary>
    internal static string Framed(string json) => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    /// <summary>Sends a message and reads the answer to it.</summary>
    internal static async Task<string> CallAsync(Socket socket, string json)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(Framed(json)), Token);
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length), Token);
            Assert.True(read > 0, "The engine hung up instead of answering.");
            length += read;
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            if (ContentLength().Match(text) is { Success: true } head
                && text.Length >= head.Index + head.Length + int.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture))
            {
                return text;
            }
        }
    }

    [GeneratedRegex(@"Content-Length: (\d+)\r\n\r\n")]
    private static partial Regex ContentLength();

    /// <summary>A connection that has said nothing yet.</summary>
    internal async Task<Socket> OpenAsync()
    {
        TestHost.RequireRoot();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.Socket), Token);
        return socket;
    }

    /// <summary>The engine runs, and answers the client that keeps to the protocol.</summary>
    internal async Task AssertUnharmedAsync()
    {
        Assert.False(Engine.Process.HasExited, Engine.Log);
        FirewallRule[] rules = await Client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token);
        Assert.Equal(RuleCount, rules.Length);
    }
}
