using System.Net;

namespace Net.Firewall.Tests.Import;

/// <summary>Each option of the other firewalls' languages: what it takes, what it leaves, or why it cannot be expressed.</summary>
public sealed class ImportDetailTests
{
    private static readonly FlowPacket s_packet = ImportSamples.Tcp("192.0.2.1", 443) with { SourceMac = new MacAddress(0x02005e100001), Dscp = 46, Mark = 5, Length = 100 };

    [Theory]
    [InlineData("-s 192.0.2.0/255.255.255.0", true)]
    [InlineData("! -s 192.0.2.0/24", false)]
    [InlineData("-d 203.0.113.7,10.0.0.1", true)]
    [InlineData("-m iprange --src-range 192.0.2.0-192.0.2.9", true)]
    [InlineData("-m iprange ! --dst-range 203.0.113.0-203.0.113.9", false)]
    [InlineData("-i wan+", true)]
    [InlineData("-i +", true)]
    [InlineData("-i lan0", false)]
    [InlineData("-p all", true)]
    [InlineData("-p 6", true)]
    [InlineData("-p tcp --dport https", true)]
    [InlineData("-p tcp ! --dport 443", false)]
    [InlineData("-p tcp --dport 400:", true)]
    [InlineData("-p tcp --dport :400", false)]
    [InlineData("-p tcp -m multiport ! --sports 1:30000", true)]
    [InlineData("-m state ! --state NEW", false)]
    [InlineData("-m conntrack --ctstate NEW,UNTRACKED", true)]
    [InlineData("-p tcp --syn", true)]
    [InlineData("-p tcp ! --syn", false)]
    [InlineData("-p tcp --tcp-flags ALL NONE", false)]
    [InlineData("-p icmp --icmp-type any", false)]
    [InlineData("-p icmp --icmp-type 3/4", false)]
    [InlineData("-m mac --mac-source 02:00:5e:10:00:01", true)]
    [InlineData("-m mark --mark 0x5", true)]
    [InlineData("-m mark --mark 1/2", null)]
    [InlineData("-m length --length 60:200", true)]
    [InlineData("-m length ! --length 60:200", false)]
    [InlineData("-m dscp --dscp 0x2e", true)]
    [InlineData("-m dscp ! --dscp-class EF", false)]
    [InlineData("-m limit --limit 5/min", true)]
    [InlineData("-m limit --limit 5/fortnight", null)]
    [InlineData("-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 9 --hashlimit-mode srcip --hashlimit-name x", true)]
    [InlineData("-m hashlimit --hashlimit-above 5/sec --hashlimit-mode srcip --hashlimit-name x", false)]
    [InlineData("-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode dstip --hashlimit-name x", null)]
    [InlineData("-p tcp -m connlimit --connlimit-upto 9 --connlimit-mask 32 --connlimit-saddr", true)]
    [InlineData("-p tcp -m connlimit --connlimit-above 9 --connlimit-mask 0", false)]
    [InlineData("-p tcp -m connlimit --connlimit-above 9 --connlimit-mask 24", null)]
    [InlineData("-m addrtype --dst-type LOCAL", true)]
    [InlineData("-m addrtype --dst-type BROADCAST", null)]
    [InlineData("-m cgroup --path /system.slice", false)]
    [InlineData("-m owner --uid-owner 1000", null)]
    [InlineData("-m multiport --ports 80", null)]
    [InlineData("-m string --string x", null)]
    [InlineData("! -p tcp", null)]
    [InlineData("--dport 80", null)]
    [InlineData("-s 2001:db8::1", null)]
    [InlineData("-f", null)]
    public void Iptables_options(string match, bool? matches)
    {
        ImportedRules rules = IptablesImport.Read($"*filter\n:INPUT ACCEPT\n-A INPUT {match} -j DROP\nCOMMIT\n");

        Check(rules, matches);
    }

    [Theory]
    [InlineData("ip saddr 192.0.2.0/24", true)]
    [InlineData("ip saddr != { 192.0.2.0/24, 10.0.0.1 }", false)]
    [InlineData("ip6 daddr 2001:db8::/32", false)]
    [InlineData("tcp dport { 80, https }", true)]
    [InlineData("tcp dport != 400-500", false)]
    [InlineData("meta l4proto tcp th dport 443", true)]
    [InlineData("th dport 443", null)]
    [InlineData("ip protocol tcp", true)]
    [InlineData("ip6 nexthdr tcp", false)]
    [InlineData("meta nfproto ipv4", true)]
    [InlineData("meta protocol != ip", false)]
    [InlineData("iifname \"wan*\"", true)]
    [InlineData("iif \"lan0\"", false)]
    [InlineData("iifname != \"lo\"", null)]
    [InlineData("ct state != new", false)]
    [InlineData("ct state { new, untracked }", true)]
    [InlineData("ct mark 5", null)]
    [InlineData("icmp type != echo-request", false)]
    [InlineData("icmpv6 type { nd-neighbor-solicit, 128 }", false)]
    [InlineData("tcp flags syn", true)]
    [InlineData("tcp flags == syn", true)]
    [InlineData("tcp flags != syn", false)]
    [InlineData("tcp flags & (syn | ack) == syn", true)]
    [InlineData("tcp flags fin,rst", false)]
    [InlineData("tcp flags & fin == syn", null)]
    [InlineData("ip dscp != ef", false)]
    [InlineData("ip length 60-200", true)]
    [InlineData("meta length != 60-200", false)]
    [InlineData("ether saddr { 02:00:5e:10:00:01 }", true)]
    [InlineData("meta mark { 5, 6 }", true)]
    [InlineData("mark & 0xff == 4", false)]
    [InlineData("mark != 5", null)]
    [InlineData("limit rate over 10/second", false)]
    [InlineData("limit rate 10 mbytes/second burst 1 mbytes", true)]
    [InlineData("limit rate 10/fortnight", null)]
    [InlineData("fib saddr . iif oif missing", false)]
    [InlineData("fib daddr type local", true)]
    [InlineData("fib daddr type broadcast", null)]
    [InlineData("socket cgroupv2 level 2 \"a/b\"", false)]
    [InlineData("socket cgroupv2 level 1 \"a/b\"", null)]
    [InlineData("meta skuid 0", null)]
    [InlineData("tcp dport > 1024", null)]
    [InlineData("rt classid 5", null)]
    [InlineData("meta pkttype broadcast", null)]
    [InlineData("log tcp dport 443", null)]
    public void Nft_expressions(string match, bool? matches)
    {
        ImportedRules rules = NftablesImport.Read($"table inet filter {{\n chain input {{\n type filter hook input priority 0; policy accept;\n {match} counter drop\n }}\n}}\n");

        Check(rules, matches);
    }

    [Theory]
    [InlineData("-j MARK --set-mark 0x7", "sets mark 0x7")]
    [InlineData("-j MARK --set-xmark 0x1/0xff", "sets mark 0x1/0xff")]
    [InlineData("-j DSCP --set-dscp-class CS1", "sets code point 8")]
    [InlineData("-j TTL --ttl-set 9", "sets time to live 9")]
    [InlineData("-p tcp -j TCPMSS --set-mss 1000", "clamps the segment size to 1000")]
    [InlineData("-j NFLOG --nflog-group 5 --nflog-prefix x", "logs")]
    public void Iptables_changes(string rule, string what)
    {
        ImportedRules rules = IptablesImport.Read($"*mangle\n:INPUT ACCEPT\n-A INPUT {rule}\nCOMMIT\n");

        FlowStep step = Assert.Single(new FlowEvaluator(rules.Model).Explain(s_packet).Steps);
        Assert.Equal($"{what}, leaves the decision to later rules", step.Reason);
    }

    [Theory]
    [InlineData("meta mark set 0x7", "sets mark 0x7")]
    [InlineData("ip dscp set cs1", "sets code point 8")]
    [InlineData("ip ttl set 9", "sets time to live 9")]
    [InlineData("tcp flags syn tcp option maxseg size set rt mtu", null)]
    [InlineData("tcp option maxseg size set 1000", "clamps the segment size to 1000")]
    [InlineData("log prefix \"x\" group 5 level warn", "logs")]
    public void Nft_changes(string rule, string? what)
    {
        ImportedRules rules = NftablesImport.Read($"table ip filter {{\n chain input {{\n type filter hook input priority filter - 5\n {rule}\n }}\n}}\n");

        if (what is null)
        {
            // What a route takes is not known of a packet that ends here.
            Assert.Single(rules.Problems);
            return;
        }

        Assert.Empty(rules.Problems);
        FlowStep step = new FlowEvaluator(rules.Model).Explain(s_packet).Steps.Single(step => step.Matched);
        Assert.Equal($"{what}, leaves the decision to later rules", step.Reason);
    }

    [Theory]
    [InlineData("-j REJECT", RejectKind.PortUnreachable)]
    [InlineData("-j REJECT --reject-with icmp-host-unreachable", RejectKind.HostUnreachable)]
    [InlineData("-j REJECT --reject-with icmp-admin-prohibited", RejectKind.AdminProhibited)]
    [InlineData("-p tcp -j REJECT --reject-with tcp-reset", RejectKind.TcpReset)]
    [InlineData("-j REJECT --reject-with icmp-proto-unreachable", null)]
    public void Iptables_rejections(string rule, RejectKind? kind)
    {
        ImportedRules rules = IptablesImport.Read($"*filter\n:INPUT ACCEPT\n-A INPUT {rule}\nCOMMIT\n");

        Assert.Equal(kind, rules.Rules.SingleOrDefault()?.Effects?.RejectWith);
        Assert.Equal(kind is null ? 1 : 0, rules.Problems.Length);
    }

    [Theory]
    [InlineData("PREROUTING", "-p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8000-8010", true)]
    [InlineData("PREROUTING", "-p tcp --dport 80 -j DNAT --to-destination :81", false)]
    [InlineData("PREROUTING", "-j DNAT --to-destination 10.0.0.1:81", false)]
    [InlineData("PREROUTING", "-d 203.0.113.0/24 -j NETMAP --to 10.0.0.0/24", true)]
    [InlineData("POSTROUTING", "-s 10.0.0.0/24 -j NETMAP --to 203.0.113.0/24", true)]
    [InlineData("POSTROUTING", "-o wan0 -j SNAT --to-source 203.0.113.1-203.0.113.4 --persistent", true)]
    [InlineData("POSTROUTING", "-p udp -j MASQUERADE --to-ports 1024-2048 --random", true)]
    [InlineData("POSTROUTING", "-i wan0 -j MASQUERADE", false)]
    [InlineData("PREROUTING", "-j MASQUERADE", false)]
    [InlineData("PREROUTING", "-m mark --mark 1 -j DNAT --to-destination 10.0.0.1", false)]
    [InlineData("PREROUTING", "-j DROP", false)]
    [InlineData("OUTPUT", "-p tcp --dport 80 -j DNAT --to-destination 10.0.0.9", false)]
    [InlineData("INPUT", "-j SNAT --to-source 10.0.0.9", false)]
    public void Iptables_nat(string chain, string rule, bool isTaken)
    {
        ImportedRules rules = IptablesImport.Read($"*nat\n:{chain} ACCEPT\n-A {chain} {rule}\nCOMMIT\n");

        Assert.Equal((isTaken ? 1 : 0, isTaken ? 0 : 1), (rules.NatRules.Length, rules.Problems.Length));
        Assert.Empty(FirewallRuleValidator.Validate(rules.Model));
    }

    [Fact]
    public void A_rule_for_what_comes_in_and_what_goes_out_is_one()
    {
        ImportedRules rules = IptablesImport.Read("*nat\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n:D -\n-A PREROUTING -m addrtype --dst-type LOCAL -j D\n-A OUTPUT -m addrtype --dst-type LOCAL -j D\n-A D -p tcp --dport 80 -j DNAT --to-destination 10.0.0.9\nCOMMIT\n");

        NatRule rule = Assert.Single(rules.NatRules);
        Assert.True(rule is { IncludesOwnPackets: true, IsToThisHost: true });
        Assert.Empty(rules.Problems);
    }

    [Fact]
    public void A_goto_does_not_come_back()
    {
        string text = "*filter\n:INPUT DROP\n:a -\n:b -\n-A INPUT -p tcp -j a\n-A INPUT -j ACCEPT\n-A a -s 192.0.2.0/24 -g b\n-A a -j DROP\n-A b -p tcp --dport 80 -j REJECT\nCOMMIT\n";

        ImportedRules rules = IptablesImport.Read(text);

        // From b the packet goes back to INPUT, past the rest of a.
        Assert.StartsWith("Allow", ImportSamples.Ask(rules, s_packet), StringComparison.Ordinal);
        Assert.StartsWith("Reject", ImportSamples.Ask(rules, s_packet with { DestinationPort = 80 }), StringComparison.Ordinal);
        Assert.StartsWith("Block", ImportSamples.Ask(rules, s_packet.Between(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("203.0.113.7"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_are_no_rules_are_told()
    {
        ImportedRules rules = IptablesImport.Read("-A INPUT -j DROP\n*filter\n:INPUT\n:INPUT QUEUE\n-I INPUT -j DROP\n-A INPUT -m comment --comment \"open -j DROP\n-A INPUT -j nowhere\n-A INPUT -j NFQUEUE\n-A lost -j DROP\nCOMMIT\n*raw\n:PREROUTING ACCEPT\n-A PREROUTING -j NOTRACK\n-A PREROUTING -j ACCEPT\nCOMMIT\n");

        Assert.Empty(rules.Rules);
        Assert.Equal([1, 3, 4, 5, 6, 7, 8, 9, 13, 14], rules.Problems.Select(problem => problem.Line).Distinct());
        Assert.NotEmpty(NftablesImport.Read("add rule inet filter input drop\n}\ntable inet\ntable arp x { chain y { } }").Problems);
    }

    private static void Check(ImportedRules rules, bool? matches)
    {
        if (matches is null)
        {
            Assert.Empty(rules.Rules);
            Assert.NotEmpty(rules.Problems);
            return;
        }

        Assert.Empty(rules.Problems);
        Assert.Equal(matches == true ? RuleAction.Block : RuleAction.Allow, new FlowEvaluator(rules.Model).Evaluate(s_packet with { Cgroup = "" }).Action);
        Assert.Empty(FirewallRuleValidator.Validate(rules.Model));
    }
}
