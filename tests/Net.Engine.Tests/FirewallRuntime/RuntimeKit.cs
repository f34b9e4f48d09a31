using System.Net;
using Net.Contracts;
using Net.Platform;
using PortRange = Net.Contracts.PortRange;
using RuleAction = Net.Contracts.RuleAction;

namespace Net.Engine.Tests.FirewallRuntime;

/// <summary>What tests of the running firewall share.</summary>
internal static class RuntimeKit
{
    /// <summary>A tracked TCP connection.</summary>
    public static TrackedConnection Tcp(string source, string destination, ushort port, string state = "ESTABLISHED", uint id = 1, ulong bytes = 0, string? translatedTo = null, ushort sourcePort = 40_000) => new()
    {
        Family = IPAddress.Parse(source).AddressFamily,
        Protocol = 6,
        Original = new ConnectionTuple(IPAddress.Parse(source), IPAddress.Parse(destination), sourcePort, port),
        Reply = new ConnectionTuple(IPAddress.Parse(translatedTo ?? destination), IPAddress.Parse(source), port, sourcePort),
        State = state,
        Status = ConnectionStatus.SeenReply | ConnectionStatus.Confirmed,
        Id = id,
        Timeout = TimeSpan.FromSeconds(60),
        OriginalCounter = bytes == 0 ? null : new CounterValue(1, bytes),
        ReplyCounter = bytes == 0 ? null : new CounterValue(1, bytes),
    };

    /// <summary>A tracked UDP connection.</summary>
    public static TrackedConnection Udp(string source, string destination, ushort port, uint id = 1) =>
        Tcp(source, destination, port, "UNREPLIED", id) with { Protocol = 17, Status = ConnectionStatus.Confirmed };

    /// <summary>A packet a rule logged.</summary>
    public static LoggedPacket Logged(long rule, string source, ushort port, DateTimeOffset time, string destination = "192.0.2.1") => new()
    {
        Time = time,
        Prefix = $"r{rule}",
        Hook = FirewallHook.Input,
        InputInterface = 2,
        Packet = new PacketTuple(6, IPAddress.Parse(source), IPAddress.Parse(destination), 50_000, port, LengthBytes: 60),
    };

    /// <summary>A rule that blocks a port and logs.</summary>
    public static FirewallRule LoggingBlock(string name = "deny") => new() { Name = name, Protocol = IpProtocol.Tcp, Action = RuleAction.Block, Log = true, LocalPort = [new PortRange(1, 1000)] };

    /// <summary>Everything a stream gives.</summary>
    public static async Task<List<T>> AllOf<T>(IAsyncEnumerable<T> stream)
    {
        List<T> all = [];
        await foreach (T item in stream)
        {
            all.Add(item);
        }

        return all;
    }

    /// <summary>The first items of a stream.</summary>
    public static async Task<List<T>> FirstOf<T>(IAsyncEnumerable<T> stream, int count)
    {
        List<T> first = [];
        await foreach (T item in stream)
        {
            first.Add(item);
            if (first.Count == count)
            {
                break;
            }
        }

        return first;
    }
}
