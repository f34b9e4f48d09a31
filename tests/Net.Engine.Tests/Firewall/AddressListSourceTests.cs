using System.Text;
using Net.Contracts;
using Net.Engine.Firewall.Lists;

namespace Net.Engine.Tests.Firewall;

public sealed class AddressListSourceTests
{
    private static CancellationToken Token => EngineRig.Token;

    [Fact]
    public async Task A_file_is_read_again_when_it_changes_and_keeps_its_last_good_content()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("bad.txt");
        await File.WriteAllTextAsync(path, "# bad ones\n192.0.2.1\n2001:db8::/32 ; documentation\n\n10.0.0.5-10.0.0.9\n", Token);
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await CreateAsync(rig, new FirewallAddressList { Name = "l", File = path, Address = [AddressRange.Parse("198.51.100.1")] });
        Assert.Equal(1, Listed(rig).EntryCount);
        long generation = rig.Manager.Info.Generation;

        Assert.True(await rig.FirewallParts.Refresher.RefreshAsync(Token));
        Assert.Equal((4, null), (Listed(rig).EntryCount, Listed(rig).Problem));
        Assert.Equal(rig.Clock.GetUtcNow(), Listed(rig).RefreshedAt);
        Assert.False(await rig.FirewallParts.Refresher.RefreshAsync(Token));

        await File.WriteAllTextAsync(path, "192.0.2.1\nroot:x:0:0\n", Token);
        Assert.False(await rig.FirewallParts.Refresher.RefreshAsync(Token));
        Assert.Equal(4, Listed(rig).EntryCount);
        Assert.Contains("line 2 is not an address", Listed(rig).Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("root", Listed(rig).Problem, StringComparison.Ordinal);
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Single(rig.EventsOf("FirewallListUnreadable"));

        File.Delete(path);
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Equal((4, $"{path} is missing"), (Listed(rig).EntryCount, Listed(rig).Problem));

        await File.WriteAllTextAsync(path, "192.0.2.77\n", Token);
        Assert.True(await rig.FirewallParts.Refresher.RefreshAsync(Token));
        Assert.Equal((2, null), (Listed(rig).EntryCount, Listed(rig).Problem));
        Assert.Single(rig.EventsOf("FirewallListRecovered"));
        Assert.Equal(2, rig.EventsOf("FirewallListChanged").Length);
        Assert.Equal([("198.51.100.1", "list"), ("192.0.2.77", $"file {path}")], rig.Entries.List(new ListFirewallAddressEntries("l")).Select(entry => (entry.Address.ToString(), entry.Origin)));

        // Contents are no configuration: no generation, no drift.
        Assert.Equal(generation, rig.Manager.Info.Generation);
        await rig.Reconciler.CompareAllAsync(Token);
        Assert.Empty(rig.EventsOf("FirewallDrift*"));
    }

    [Fact]
    public async Task Names_are_resolved_when_they_are_due_and_keep_their_last_addresses()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.HostNames.Addresses["a.example"] = ["192.0.2.1", "::ffff:192.0.2.2", "fe80::1%3"];
        await CreateAsync(rig, new FirewallAddressList { Name = "l", HostName = ["a.example", "B.example"], RefreshInterval = TimeSpan.FromMinutes(2) });
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], Entries(rig));
        Assert.Contains("b.example did not resolve", Listed(rig).Problem, StringComparison.Ordinal);

        rig.HostNames.Addresses["b.example"] = ["2001:db8::b"];
        rig.HostNames.Addresses.Remove("a.example");
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Equal(2, rig.HostNames.LookUps);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Equal(["192.0.2.1", "192.0.2.2", "2001:db8::b"], Entries(rig));
        Assert.Contains("a.example did not resolve", Listed(rig).Problem, StringComparison.Ordinal);
        Assert.Equal(rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(2), rig.FirewallParts.Sources.NextDue(rig.Manager.Document.Firewall.AddressLists));
    }

    [Fact]
    public async Task What_was_last_good_is_there_after_a_restart_without_network()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.HostNames.Addresses["a.example"] = ["192.0.2.1"];
        await CreateAsync(rig, new FirewallAddressList { Name = "l", HostName = ["a.example"] });
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        rig.HostNames.Addresses.Clear();
        await rig.RestartAsync();
        Assert.Equal(["192.0.2.1"], Entries(rig));
        Assert.Equal(rig.Clock.GetUtcNow(), Listed(rig).RefreshedAt);

        // A damaged file is as good as none.
        await File.WriteAllTextAsync(Path.Combine(rig.Options.StateFolder, "lists", "1.list"), "netmod address list 1\n@ x host a.example\n", Token);
        await rig.RestartAsync();
        Assert.Empty(Entries(rig));
        await rig.Items.RemoveAsync(EngineRig.Admin, new RemoveFirewallAddressLists(["l"]), Token);
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
    }

    [Fact]
    public async Task A_source_that_was_taken_out_of_the_list_is_out_at_once()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.HostNames.Addresses["a.example"] = ["192.0.2.1"];
        rig.HostNames.Addresses["b.example"] = ["192.0.2.2"];
        await CreateAsync(rig, new FirewallAddressList { Name = "l", HostName = ["a.example", "b.example"] });
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        await rig.Items.SetAsync(EngineRig.Admin, new SetFirewallAddressLists([new FirewallAddressList { Name = "l", HostName = ["b.example"] }]), Token);
        Assert.Equal(["192.0.2.2"], Entries(rig));
    }

    [Fact]
    public async Task Contents_that_could_not_be_applied_are_applied_later()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("l.txt");
        await File.WriteAllTextAsync(path, "192.0.2.1\n", Token);
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await CreateAsync(rig, new FirewallAddressList { Name = "l", File = path });
        await rig.AddRuleAsync("r");
        await rig.FirewallParts.Refresher.RefreshAsync(Token);
        Assert.Equal("192.0.2.1", rig.FirewallSection.Translator.Translate(rig.Manager.Document.Firewall).Model.AddressLists[0].Addresses[0].ToString());
    }

    [Theory]
    [InlineData("1.0.0.0/24,AU\n2.0.0.0/24,DE\n2001:db8::/32,DE\n", "2.0.0.0/24,2001:db8::/32")]
    [InlineData("1.0.0.0,1.0.0.255,AU\n2.0.0.0,2.0.0.255,DE\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,DE\n", "2.0.0.0/24,2001:db8::/32")]
    [InlineData("\"0\",\"16777215\",\"-\",\"-\"\n\"33554432\",\"33554687\",\"DE\",\"Germany\"\n", "2.0.0.0/24")]
    [InlineData("\"281470715297792\",\"281470715298047\",\"DE\",\"Germany\"\n\"42540766411282592856903984951653826560\",\"42540766490510755371168322545197776895\",\"DE\",\"Germany\"\n", "2.0.0.0/24,2001:db8::/32")]
    [InlineData("network,country\n2.0.0.0/24,de\n# end\n", "2.0.0.0/24")]
    public void Country_files_of_the_common_forms_are_read(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', AddressFile.ReadCountries(new StringReader(text), ["DE"]).Select(range => range.ToString())));

    [Theory]
    [InlineData("2.0.0.0/24,DE\nx,DE\n", "line 2")]
    [InlineData("2.0.0.0/24\n", "line 1")]
    [InlineData("2.0.0.0/24,DE\n2.0.0.9,2.0.0.1,DE\n", "line 2")]
    [InlineData("2.0.0.0/24,DE\n2.0.0.0/24,GERMANY\n", "line 2")]
    public void Country_files_of_other_forms_are_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => AddressFile.ReadCountries(new StringReader(text), ["DE"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_with_too_many_lines_is_refused()
    {
        string text = new StringBuilder().Insert(0, "\n", AddressFile.MaxLines + 1).ToString();
        Assert.Contains("more than 1000000 lines", Assert.Throws<InvalidDataException>(() => AddressFile.ReadList(new StringReader(text))).Message, StringComparison.Ordinal);
    }

    // Files come from anywhere: a list or a message that names the line, never another exception.
    [Fact]
    public void Random_files_are_read_or_refused()
    {
        var random = new Random(3);
        const string letters = "0123456789.:/,-\"#; DEx\n\n\n";
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => letters[random.Next(letters.Length)]));
            TryRead(() => AddressFile.ReadList(new StringReader(text)));
            TryRead(() => AddressFile.ReadCountries(new StringReader(text), ["DE"]));
        }

        static void TryRead(Func<System.Collections.Immutable.ImmutableArray<Net.Firewall.AddressRange>> read)
        {
            try
            {
                Assert.All(read(), range => Assert.False(range.IsReversed));
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("line ", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private static Task<FirewallAddressListsChanged> CreateAsync(EngineRig rig, FirewallAddressList list) => rig.Items.CreateAsync(EngineRig.Admin, new CreateFirewallAddressLists([list]), Token);

    private static FirewallAddressList Listed(EngineRig rig) => rig.Items.List(new ListFirewallAddressLists(["l"]))[0];

    private static string[] Entries(EngineRig rig) => [.. rig.Entries.List(new ListFirewallAddressEntries("l")).Select(entry => entry.Address.ToString())];
}
