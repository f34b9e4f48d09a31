using System.Text;
using Net.Contracts;
using Net.Engine.Configuration;

namespace Net.Engine.Tests;

public sealed class ImportExportTests
{
    public static TheoryData<string> OddTexts { get; } =
    [
        "443", "true", "null", "~", "1e5", "-", "", " padded ", "# no comment", "a: b", "- item", "{", "[x]", "'single'", "\"double\"", "*alias", "&anchor", "!tag", "%", "@", "`",
        "line\nbreak", "tab\there", "---", "...", "ünï©ödé 😀", "0x1F", "1_000", "+5", ".5", "1e999", "99999999999999999999", "NULL", "False", "yes", "12:30:00", "2026-01-01", "\u2028", "\r\n", ":", "?", "|", ">",
    ];

    [Theory]
    [InlineData(ConfigurationFormat.Json)]
    [InlineData(ConfigurationFormat.Yaml)]
    public async Task An_export_imported_again_changes_nothing(ConfigurationFormat format)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.Service.ImportAsync(EngineRig.Admin, new ImportConfiguration(await File.ReadAllTextAsync(TestData.Path("configuration", "schema-1.json"), EngineRig.Token)), EngineRig.Token);
        ConfigurationText text = rig.Service.Export(new ExportConfiguration(format));
        ChangeOutcome outcome = await rig.Service.ImportAsync(EngineRig.Admin, new ImportConfiguration(text.Text), EngineRig.Token);
        Assert.Empty(outcome.Plan.Changes);
        ConfigurationTestResult test = await rig.Service.TestAsync(EngineRig.Admin, new TestConfiguration(text.Text, format), EngineRig.Token);
        Assert.True(test is { IsValid: true, InDesiredState: true });
        Assert.DoesNotContain("\r", text.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("firewall:\n  rules:\n  - name: a\n    localPort: [22, 8000-8010]")]
    [InlineData("{\"firewall\": {\"rules\": [{\"name\": \"a\", \"localPort\": [22, \"8000-8010\"]}]}}")]
    public void A_port_may_be_written_as_the_number_it_is(string text) =>
        Assert.Equal(["22", "8000-8010"], DocumentReader.FromText(text, null).Firewall.Rules[0].LocalPort.Select(port => port.ToString()));

    [Theory]
    [InlineData("22.5")]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("true")]
    public void A_number_that_is_no_port_is_refused(string port) =>
        Assert.Throws<EngineException>(() => DocumentReader.FromText($"firewall:\n  rules:\n  - name: a\n    localPort: [{port}]", null));

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task Texts_keep_their_type_and_content_in_both_formats(string odd)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.ChangeAsync(document => document with { Firewall = document.Firewall with { Rules = [EngineRig.Rule("web") with { Description = odd }] } });
        foreach (ConfigurationFormat format in Enum.GetValues<ConfigurationFormat>())
        {
            string text = rig.Service.Export(new ExportConfiguration(format)).Text;
            Assert.Equal(odd, DocumentReader.FromText(text, format).Firewall.Rules[0].Description);
        }
    }

    [Theory]
    [InlineData("{\"paths\": {}, \"paths\": {}}", "paths")]
    [InlineData("paths: {}\npaths: {}", "'paths' stands twice")]
    [InlineData("paths: {}\npaths: {}", "line 2")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    prot: tcp", "'prot'")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    prot: tcp", "firewall.rules[0]")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    protocol: 6", "firewall.rules[0].protocol")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    localPort: [\"80-70\"]", "firewall.rules[0].localPort[0]")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    remoteAddress: [10.0.0.1/8]", "did you mean 10.0.0.0/8?")]
    [InlineData("firewall:\n  rules:\n  - action: block", "name")]
    [InlineData("firewall:\n  rules: [null]", "firewall.rules[0]")]
    [InlineData("firewall:\n  rules:\n  - name: a\n    remoteAddress: [null]", "firewall.rules[0].remoteAddress[0]")]
    [InlineData("access:\n  admins: [~]", "access.admins[0]")]
    [InlineData("firewall: null", "firewall")]
    [InlineData("paths:\n  probe:\n    interval: soon", "paths.probe.interval")]
    [InlineData("paths:\n  probe:\n    enabled: \"true\"", "paths.probe.enabled")]
    [InlineData("{\n  \"paths\": {\n    oops\n", "line 3")]
    [InlineData("a: &x [1]\nb: *x", "anchors")]
    [InlineData("a: !!binary abc", "tags")]
    [InlineData("a: 1\n---\nb: 2", "more than one")]
    [InlineData("[1, 2]", "not an object")]
    [InlineData("", "empty")]
    [InlineData("a:\n\t- b", "line")]
    [InlineData("schemaVersion: soon", "schemaVersion")]
    [InlineData("schemaVersion: -1", "schemaVersion")]
    public void What_is_not_readable_is_refused_with_its_place(string text, string said)
    {
        EngineException exception = Assert.Throws<EngineException>(() => DocumentReader.FromText(text, null));
        Assert.Equal(ErrorCatalogue.ConfigurationUnreadable.Id, exception.ErrorId);
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Net.Contracts", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schemaVersion\": 2}")]
    [InlineData("schemaVersion: 2")]
    [InlineData("schemaVersion: 99999999999")]
    public void A_document_of_a_newer_schema_is_not_taken(string text) =>
        Assert.Equal(ErrorCatalogue.ConfigurationFromFuture.Id, Assert.Throws<EngineException>(() => DocumentReader.FromText(text, null)).ErrorId);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    public void Deep_nesting_is_refused_and_harms_nothing(char open)
    {
        string text = open switch
        {
            '-' => string.Concat(Enumerable.Repeat("- ", 100_000)),
            '{' => string.Concat(Enumerable.Repeat("{\"a\":", 100_000)),
            _ => new string('[', 100_000),
        };
        foreach (ConfigurationFormat format in Enum.GetValues<ConfigurationFormat>())
        {
            Assert.Throws<EngineException>(() => DocumentReader.FromText(text, format));
        }
    }

    [Fact]
    public void Aliases_cannot_blow_a_small_text_up()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int level = 1; level < 30; level++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [*a{level - 1},*a{level - 1},*a{level - 1},*a{level - 1}]\n");
        }

        Assert.Throws<EngineException>(() => DocumentReader.FromText(bomb.ToString(), null));
    }

    [Fact]
    public void Too_long_a_text_is_refused_at_once() =>
        Assert.Equal(ErrorCatalogue.ConfigurationUnreadable.Id, Assert.Throws<EngineException>(() => DocumentReader.FromText(new string(' ', DocumentReader.MaxTextLength + 1), null)).ErrorId);

    [Fact]
    public void A_large_document_is_read()
    {
        var text = new StringBuilder("firewall:\n  rules:\n");
        for (int number = 0; number < 10_000; number++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - name: rule{number}\n    protocol: udp\n    localPort: [\"{number}\"]\n");
        }

        Assert.Equal(10_000, DocumentReader.FromText(text.ToString(), null).Firewall.Rules.Length);
    }

    [Fact]
    public void Damaged_documents_are_refused_or_read_but_never_a_fault()
    {
        var random = new Random(20261121);
        foreach (string path in Directory.GetFiles(TestData.Path("configuration")))
        {
            byte[] whole = File.ReadAllBytes(path);
            for (int round = 0; round < 400; round++)
            {
                List<byte> bytes = [.. whole];
                for (int edit = random.Next(1, 4); edit > 0; edit--)
                {
                    int at = random.Next(bytes.Count);
                    switch (random.Next(4))
                    {
                        case 0: bytes[at] = (byte)random.Next(256); break;
                        case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - 1)); break;
                        case 2: bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 30)).ToArray()); break;
                        default: bytes[at] = (byte)"{}[]:,-\"'&*!|>#%@`\n \t0"[random.Next(22)]; break;
                    }
                }

                string text = Encoding.UTF8.GetString([.. bytes]);
                foreach (ConfigurationFormat? format in (ConfigurationFormat?[])[null, ConfigurationFormat.Json, ConfigurationFormat.Yaml])
                {
                    try
                    {
                        DocumentReader.FromText(text, format);
                    }
                    catch (EngineException)
                    {
                        // Refused as it should be.
                    }
                }
            }
        }
    }
}
