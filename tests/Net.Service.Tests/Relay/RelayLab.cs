using System.Globalization;
using Net.Client;
using Net.Contracts;
using Net.Lab;
using Net.Platform.Linux.Relay;

namespace Net.Service.Tests.Relay;

/// <summary>A source, a relay with a real engine, and three sinks, each on a link of its own: <c>in0</c> 10.1.0.1 towards the source 10.1.0.2, <c>out1</c> to
/// <c>out3</c> 10.2.0.1 to 10.4.0.1 towards the sinks 10.2.0.2 to 10.4.0.2; IPv6 likewise in 2001:db8:1::/64 to 2001:db8:4::/64.</summary>
public sealed class RelayLab : IAsyncLifetime
{
    private readonly EngineFolder _folder = new();
    private readonly List<RelaySocket> _sockets = [];
    private Lab.Lab? _lab;

    internal LabNode Source => _lab!.Node("source");

    internal LabNode Node => _lab!.Node("relay");

    internal EngineProcess Engine { get; private set; } = null!;

    internal EngineClient Client { get; private set; } = null!;

    /// <summary>A program that starts the engine in turn, such as setpriv; null for none.</summary>
    internal string[]? Through { get; set; }

    private string Bpf => Path.Combine(_folder.Root, "bpf");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        await StartAsync();
    }

    internal LabNode Sink(int number) => _lab!.Node(string.Create(CultureInfo.InvariantCulture, $"sink{number}"));

    /// <summary>Makes the lab and starts the engine.</summary>
    internal async Task<RelayLab> StartAsync()
    {
        TestHost.RequireRoot();
        _lab = await TestHost.UpAsync(new LabTopology
        {
            Name = "relay",
            Description = "A source, a relay, three sinks.",
            Nodes = [LabNodeDefinition.Host("source"), LabNodeDefinition.Host("relay"), .. Numbers.Select(i => LabNodeDefinition.Host(Text($"sink{i}")))],
            Links =
            [
                Link("source", "eth0", 1, "in0"),
                .. Numbers.Select(i => Link(Text($"sink{i}"), "eth0", i + 1, Text($"out{i}"))),
            ],
        });
        // Not every host has the file system mounted where it usually is, and two labs must not share one.
        Directory.CreateDirectory(Bpf);
        await TestHost.RunAsync("mount", "-t", "bpf", "bpf", Bpf);
        await StartEngineAsync();
        return this;
    }

    /// <summary>Starts an engine on the same files.</summary>
    internal async Task StartEngineAsync()
    {
        Engine = await EngineProcess.StartAsync(Node, _folder, new Dictionary<string, string?> { ["NETMOD_HOST_BPF"] = Bpf }, Through);
        Client = await Engine.ConnectAsync();
    }

    /// <summary>A rule from in0.</summary>
    internal static RelayRule Rule(string name, string group, int port, params RelayOutput[] outputs) =>
        new() { Name = name, InterfaceAlias = "in0", Group = AddressRange.Parse(group), Port = new PortRange(port), Outputs = outputs };

    internal async Task<RelayRulesChanged> CreateAsync(params RelayRule[] rules) => await Client.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules(rules), Token);

    internal async Task RemoveAllAsync()
    {
        RelayRule[] all = await Client.CallAsync(EngineApi.RelayListRules, new ListRelayRules(Counters: false), Token);
        if (all.Length > 0)
        {
            await Client.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules([.. all.Select(rule => rule.Name)]), Token);
        }
    }

    /// <summary>Waits for a rule to be as expected.</summary>
    internal async Task<RelayRule> RuleAsync(string name, Func<RelayRule, bool>? isRight = null)
    {
        RelayRule? rule = null;
        await Wait.UntilAsync($"rule {name}", async () =>
        {
            RelayRule[] all = await Client.CallAsync(EngineApi.RelayListRules, new ListRelayRules([name]), Token);
            rule = all.Single();
            return (isRight is null ? rule.State == RelayRuleState.Forwarding : isRight(rule), $"{rule.State}: {rule.Reason} {rule.EngineInUse} {rule.EngineReason} {rule.Packets}");
        });
        return rule!;
    }

    /// <summary>Waits for counters to be as expected.</summary>
    internal async Task<RelayStatistic> StatisticAsync(string name, Func<RelayStatistic, bool> isRight)
    {
        RelayStatistic? statistic = null;
        await Wait.UntilAsync($"counters of {name}", async () =>
        {
            statistic = (await Client.CallAsync(EngineApi.RelayListStatistics, new ListRelayStatistics([name]), Token)).Single();
            return (isRight(statistic), $"{statistic.State} {statistic.Packets} in, {statistic.Drops}; {string.Join("; ", statistic.Outputs.Select(output => $"{output.Packets} out, {output.Drops} {output.Reason}"))}");
        });
        return statistic!;
    }

    internal async Task<RelayWorker[]> WorkersAsync() => await Client.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), Token);

    /// <summary>Takes our programs off an interface, as somebody with the right tool can.</summary>
    internal void Detach(string kind)
    {
        string[] links = Directory.GetFiles(Bpf, "*", SearchOption.AllDirectories).Where(path => path.Contains($"/{kind}/links/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(links);
        foreach (string path in links)
        {
            using BpfLink link = BpfLink.OpenPinned(path);
            link.Detach();
        }
    }

    /// <summary>A socket in a node, which lives as long as the lab.</summary>
    internal RelaySocket Open(LabNode node, string device = "eth0")
    {
        var socket = new RelaySocket(node.NamespaceName, device);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Sends until the packet arrives at a sink; the first ones may come before a worker has taken the rule.</summary>
    internal static async Task<RelayArrival> PassAsync(RelaySocket from, RelaySocket at, string group, int port, Func<RelayArrival, bool>? isRight = null, int ttl = 8, string? payload = null)
    {
        RelayArrival? arrival = null;
        string text = payload ?? Guid.NewGuid().ToString("N");
        await Wait.UntilAsync($"{group}:{port} arrives", () =>
        {
            from.Send(group, port, text, ttl);
            arrival = at.Arrivals().FirstOrDefault(one => one.Payload == text && (isRight is null || isRight(one)));
            return Task.FromResult(arrival is not null);
        });
        return arrival!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RelaySocket socket in _sockets)
        {
            socket.Dispose();
        }

        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
            await TestHost.RunAsync("umount", Bpf);
        }

        _folder.Dispose();
    }

    private static int[] Numbers => [1, 2, 3];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static LabLink Link(string node, string device, int network, string port) => new()
    {
        A = new LabLinkEnd { Node = node, Interface = device, Addresses = [Text($"10.{network}.0.2/24"), Text($"2001:db8:{network}::2/64")] },
        B = new LabLinkEnd { Node = "relay", Interface = port, Addresses = [Text($"10.{network}.0.1/24"), Text($"2001:db8:{network}::1/64")] },
    };
}
