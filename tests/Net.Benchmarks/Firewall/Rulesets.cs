using System.Globalization;
using System.Text;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Contracts;

namespace Net.Benchmarks.Firewall;

/// <summary>The same ten thousand permissions, held in different ways: each is a source address with a port, and the last is the client's.</summary>
internal static class Rulesets
{
    /// <summary>How many.</summary>
    public const int Count = 10_000;

    /// <summary>Source address and port of one.</summary>
    public static (string Address, int Port) Permission(int index) => index == Count - 1
        ? (FirewallLab.ClientAddress, FirewallLab.Port)
        : (string.Create(CultureInfo.InvariantCulture, $"172.{16 + (index / 62_500)}.{index / 250 % 250}.{1 + (index % 250)}"), 1024 + (index % 30_000));

    /// <summary>A prefix of a list: every second /28, so that none touches another.</summary>
    public static string Prefix(int index)
    {
        uint address = (20u << 24) + ((uint)index * 32);
        return string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}/28");
    }

    /// <summary>Runs nft with a text.</summary>
    public static Task NftAsync(FirewallLab lab, string text, CancellationToken cancellationToken) => lab.RunAsync("nft", ["-f", "-"], text, cancellationToken);
}

/// <summary>Our rules, made by the API as any client makes them, with the profile's default deny.</summary>
internal sealed class EngineRuleset : IRuleset
{
    public string Name => "ours";

    public async Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken)
    {
        OverlayEngine engine = await lab.EngineAsync(cancellationToken);
        await engine.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(new FirewallProfile { Enabled = true }), cancellationToken);
        await engine.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([.. Enumerable.Range(0, Rulesets.Count / 2).SelectMany(Rules)]), cancellationToken);
    }

    public async Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken)
    {
        OverlayEngine engine = await lab.EngineAsync(cancellationToken);
        FirewallRule[] rules = await engine.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), cancellationToken);
        await engine.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules([.. rules.Select(rule => rule.Name)]), cancellationToken);
        await engine.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(new FirewallProfile()), cancellationToken);
    }

    // Half of the rules are for TCP and half for UDP, so that the two last ones are the client's.
    private static IEnumerable<FirewallRule> Rules(int pair)
    {
        int index = pair == (Rulesets.Count / 2) - 1 ? Rulesets.Count - 1 : pair;
        (string address, int port) = Rulesets.Permission(index);
        foreach (IpProtocol protocol in (IpProtocol[])[IpProtocol.Tcp, IpProtocol.Udp])
        {
            yield return new FirewallRule
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"bench-{pair}-{protocol}"),
                Direction = RuleDirection.Forward,
                Protocol = protocol,
                SourceAddress = [AddressRange.Parse(address)],
                DestinationPort = [new PortRange(port)],
            };
        }
    }
}

/// <summary>What somebody who knows nftables writes by hand: connections that stand pass, one set for the whole list, the rest is dropped.</summary>
internal sealed class HandWrittenRuleset : IRuleset
{
    public string Name => "hand-written";

    public Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken)
    {
        StringBuilder text = new("table inet hand {\n set clients { type ipv4_addr . inet_service; elements = { ");
        for (int index = 0; index < Rulesets.Count; index++)
        {
            (string address, int port) = Rulesets.Permission(index);
            text.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? "" : ", ")}{address} . {port}");
        }

        text.Append(" } }\n chain forward { type filter hook forward priority filter; policy drop; ct state established,related accept; ip saddr . th dport @clients counter accept; }\n}\n");
        return Rulesets.NftAsync(lab, text.ToString(), cancellationToken);
    }

    public Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken) => Rulesets.NftAsync(lab, "delete table inet hand\n", cancellationToken);
}

/// <summary>No rules at all.</summary>
internal sealed class EmptyRuleset : IRuleset
{
    public string Name => "no rules";

    public Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>One nftables rule after the other in one chain.</summary>
internal sealed class LinearRuleset : IRuleset
{
    public string Name => "linear nft";

    public Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken)
    {
        StringBuilder text = new("table inet linear {\n chain forward { type filter hook forward priority filter; policy drop; ct state established,related accept;\n");
        for (int index = 0; index < Rulesets.Count; index++)
        {
            (string address, int port) = Rulesets.Permission(index);
            text.Append(CultureInfo.InvariantCulture, $"  ip saddr {address} th dport {port} counter accept\n");
        }

        return Rulesets.NftAsync(lab, text.Append(" }\n}\n").ToString(), cancellationToken);
    }

    public Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken) => Rulesets.NftAsync(lab, "delete table inet linear\n", cancellationToken);
}

/// <summary>The same for iptables.</summary>
internal sealed class IptablesRuleset : IRuleset
{
    public string Name => "iptables";

    public async Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken)
    {
        StringBuilder text = new("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n");
        for (int index = 0; index < Rulesets.Count; index++)
        {
            (string address, int port) = Rulesets.Permission(index);
            foreach (string protocol in index == Rulesets.Count - 1 ? (string[])["tcp", "udp"] : ["tcp"])
            {
                text.Append(CultureInfo.InvariantCulture, $"-A FORWARD -s {address}/32 -p {protocol} -m {protocol} --dport {port} -j ACCEPT\n");
            }
        }

        await RestoreAsync(lab, text.Append("COMMIT\n").ToString(), cancellationToken);
    }

    public Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken) => RestoreAsync(lab, "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", cancellationToken);

    private static Task RestoreAsync(FirewallLab lab, string text, CancellationToken cancellationToken) => File.Exists("/usr/sbin/iptables-restore")
        ? lab.RunAsync("/usr/sbin/iptables-restore", [], text, cancellationToken)
        : throw new PeerUnavailableException("iptables is not installed (package iptables)");
}
