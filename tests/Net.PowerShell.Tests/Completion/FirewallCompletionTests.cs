using System.Collections;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Completion;

public sealed class FirewallCompletionTests
{
    private readonly FakeEngine _engine = new FakeEngine()
        .Answer(EngineApi.FirewallListRules, _ => [Sample.Rule("web", 1) with { Group = "public" }, Sample.Rule("mail", 2) with { Group = "Public" }, Sample.Rule("x", 3)])
        .Answer(EngineApi.FirewallListAddressLists, _ => [new FirewallAddressList { Name = "office", EntryCount = 3 }, new FirewallAddressList { Name = "banned", Dynamic = true }])
        .Answer(EngineApi.FirewallListPortLists, _ => [new FirewallPortList { Name = "http", Port = [new PortRange(80), new PortRange(443)] }])
        .Answer(EngineApi.FirewallListZones, _ => [new FirewallZone { Name = "lan", InterfaceAlias = ["eth1"] }])
        .Answer(EngineApi.FirewallListNatRules, _ => [new NatRule { Name = "internet" }])
        .Answer(EngineApi.FirewallListPortForwards, _ => [new PortForward { Name = "ssh", Port = new PortRange(2222), ToAddress = AddressRange.Parse("192.168.1.10") }]);

    [Theory]
    [InlineData("Get-FirewallAddressList", "office: 3 entries|banned: dynamic")]
    [InlineData("Set-FirewallPortList", "http: ports 80,443")]
    [InlineData(@"Net.Module\Remove-FirewallZone", "lan: interfaces eth1")]
    [InlineData("enable-natrule", "internet: Masquerade")]
    [InlineData("Get-PortForward", "ssh: Tcp 2222 to 192.168.1.10")]
    [InlineData("Get-Something", "")]
    public async Task Names_are_those_of_the_kind_the_noun_says(string command, string expected)
    {
        IEnumerable<Candidate> found = await new FirewallNameCompleter().AskAsync(_engine, command, new Hashtable(), CancellationToken.None);

        Assert.Equal(expected, string.Join('|', found.Select(candidate => $"{candidate.Text}: {candidate.ToolTip}")));
    }

    [Fact]
    public async Task Rules_say_what_they_do()
    {
        IEnumerable<Candidate> found = await new FirewallNameCompleter().AskAsync(_engine, "Disable-FirewallRule", new Hashtable(), CancellationToken.None);

        Assert.Contains(new Candidate("web", "Block Inbound Tcp"), found);
    }

    [Fact]
    public async Task Groups_are_those_that_rules_name_each_once() =>
        Assert.Equal([new Candidate("public", "2 rules: web, mail")], await Ask(new FirewallGroupCompleter()));

    [Fact]
    public async Task Words_of_the_field_complete_without_the_engine()
    {
        Assert.Contains(await Ask(new IcmpTypeCompleter()), candidate => candidate.Text == "echo-request");
        Assert.Contains(new Candidate("af41", "34: class 4, dropped last"), await Ask(new DscpCompleter()));
        Assert.Contains(new Candidate("cs1", "8: class 1"), await Ask(new DscpCompleter()));
        Assert.NotNull(await Ask(new TimeZoneCompleter()));
    }

    private Task<IEnumerable<Candidate>> Ask(EngineCompleter completer) => completer.AskAsync(_engine, new Hashtable(), CancellationToken.None);
}
