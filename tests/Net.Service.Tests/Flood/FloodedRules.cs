using System.Globalization;
using System.Net;
using Net.Client;
using Net.Contracts;

namespace Net.Service.Tests.Flood;

/// <summary>Rule sets of which each says the same of the streams of a flood in another way, and something else of everything else.</summary>
internal static class FloodedRules
{
    private const ushort Allowed = 7001;
    private const ushort Forbidden = 7002;
    private const ushort Standing = 7003;
    private const int FirstSourcePort = 40_000;
    private const int Others = 100;

    /// <summary>What may pass by a rule, what may pass because it began when it was allowed, and what may not, to each address.</summary>
    public static FloodFlow[] Flows(params string[] addresses) =>
    [
        .. addresses.Select(IPAddress.Parse).SelectMany((address, index) => new[]
        {
            new FloodFlow($"allowed to {address}", address, Allowed, Source(index, 1), MustPass: true),
            new FloodFlow($"standing to {address}", address, Standing, Source(index, 2), MustPass: true),
            new FloodFlow($"forbidden to {address}", address, Forbidden, Source(index, 3), MustPass: false),
        }),
    ];

    /// <summary>A document under which what stands may begin.</summary>
    public static NetConfiguration Beginning => With([Udp("begin", RuleAction.Allow, Allowed, Standing)], RuleAction.Block);

    /// <summary>A document that holds nothing of any other.</summary>
    public static NetConfiguration Document(int number)
    {
        var random = new Random(number);
        List<FirewallRule> rules = [.. Enumerable.Range(0, Others).Select(index => Other(random, string.Create(CultureInfo.InvariantCulture, $"other-{number}-{index}")))];
        FirewallAddressList[] lists = [];
        RuleAction otherwise = RuleAction.Block;
        string name = string.Create(CultureInfo.InvariantCulture, $"flood-{number}");
        FirewallRule allow = Udp(name, RuleAction.Allow, Allowed);
        switch (number % 4)
        {
            case 0:
                break;
            case 1:
                rules.Add(Udp(name + "-no", RuleAction.Block, Forbidden, Standing));
                allow = new FirewallRule { Name = name, Direction = RuleDirection.Forward, SourceAddress = Everybody };
                break;
            case 2:
                lists = [new FirewallAddressList { Name = name, Address = Everybody }];
                allow = allow with { SourceAddressList = [name] };
                break;
            default:
                allow = Udp(name, RuleAction.Block, Forbidden, Standing);
                otherwise = RuleAction.Allow;
                break;
        }

        // A block has to come before what allows everything.
        rules.Insert(number % 4 == 1 ? rules.Count : random.Next(rules.Count), allow);
        NetConfiguration document = With([.. rules], otherwise);
        document.Firewall.AddressLists = lists;
        return document;
    }

    /// <summary>Changes one rule that concerns no stream: adds, changes, disables or removes it.</summary>
    /// <param name="client">The engine, which holds <see cref="Document"/> of a number.</param>
    /// <param name="number">That number.</param>
    /// <param name="change">Counts the changes since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task ChangeOneAsync(EngineClient client, int number, int change, CancellationToken cancellationToken)
    {
        var random = new Random(change);
        string added = string.Create(CultureInfo.InvariantCulture, $"added-{change / 4}");
        string other = string.Create(CultureInfo.InvariantCulture, $"other-{number}-{random.Next(Others)}");
        switch (change % 4)
        {
            case 0:
                await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Other(random, added)], Position: 1 + random.Next(Others)), cancellationToken);
                break;
            case 1:
                await client.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules([Other(random, other)]), cancellationToken);
                break;
            case 2:
                await client.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules([Other(random, added) with { Enabled = false }]), cancellationToken);
                break;
            default:
                await client.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules([added]), cancellationToken);
                break;
        }
    }

    private static AddressRange[] Everybody { get; } = [AddressRange.Parse("10.0.0.0/8"), AddressRange.Parse("2001:db8::/32")];

    private static ushort Source(int index, int kind) => (ushort)(FirstSourcePort + (index * 10) + kind);

    private static NetConfiguration With(FirewallRule[] rules, RuleAction otherwise) => new()
    {
        Firewall = new FirewallSection { Rules = rules, Profile = new FirewallProfile { Enabled = true, Inbound = RuleAction.Allow, Forward = otherwise } },
        Paths = new PathsSection { Probe = new ProbeSettings { Enabled = false } },
    };

    private static FirewallRule Udp(string name, RuleAction action, params int[] ports) => new()
    {
        Name = name,
        Direction = RuleDirection.Forward,
        Action = action,
        Protocol = IpProtocol.Udp,
        DestinationPort = [.. ports.Select(port => new PortRange(port))],
    };

    // 198.18.0.0/15 is for benchmarks (RFC 2544) and no stream goes there.
    private static FirewallRule Other(Random random, string name) => new()
    {
        Name = name,
        Direction = RuleDirection.Forward,
        Action = random.Next(2) == 0 ? RuleAction.Allow : RuleAction.Block,
        Protocol = random.Next(2) == 0 ? IpProtocol.Udp : IpProtocol.Tcp,
        DestinationAddress = [AddressRange.Parse(string.Create(CultureInfo.InvariantCulture, $"198.{18 + random.Next(2)}.{random.Next(256)}.{random.Next(1, 255)}"))],
        DestinationPort = [new PortRange(random.Next(1, 65_536))],
    };
}
