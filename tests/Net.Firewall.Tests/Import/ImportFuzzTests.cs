using System.Text;

namespace Net.Firewall.Tests.Import;

/// <summary>No text makes an import throw, and what it gives is always valid.</summary>
public sealed class ImportFuzzTests
{
    private static readonly string[] s_words =
    [
        "-A", "INPUT", "-j", "-s", "-d", "!", "--dport", "-p", "tcp", "*filter", "COMMIT", ":x", "RETURN", "{", "}", ";", "\n", "\"", "'", "jump", "vmap", "set", "@admins", ":", ".",
        "table", "chain", "inet", "type", "filter", "hook", "input", "priority", "limit", "rate", "over", "10/second", "flags", "tcp flags", "&", "(", ")", "|", "==", "!=", "dnat to",
        "255.255.255.255/33", "::/129", "99999999999999999999", "-1", "0x", "\u0000", "\ud800", "10.0.0.1-10.0.0.0", "80:70", "elements = {", "goto", "--tcp-flags", "ALL", "NONE", "\\",
    ];

    [Theory]
    [InlineData("iptables-server.rules")]
    [InlineData("ip6tables.rules")]
    [InlineData("router.nft")]
    public void Changed_samples_never_make_it_throw(string name)
    {
        string sample = ImportSamples.Read(name);
        var random = new Random(17);
        for (int round = 0; round < 400; round++)
        {
            string text = Change(sample, random);

            Check(IptablesImport.Read(text), text);
            Check(NftablesImport.Read(text), text);
        }
    }

    private static string Change(string sample, Random random)
    {
        var text = new StringBuilder(sample);
        for (int edits = random.Next(1, 20); edits > 0; edits--)
        {
            int place = random.Next(text.Length + 1);
            switch (random.Next(5))
            {
                case 0:
                    text.Insert(place, $" {s_words[random.Next(s_words.Length)]} ");
                    break;
                case 1:
                    text.Remove(place, Math.Min(random.Next(20), text.Length - place));
                    break;
                case 2 when place < text.Length:
                    text[place] = (char)random.Next(1, 128);
                    break;
                case 3:
                    int from = random.Next(sample.Length);
                    text.Insert(place, sample.AsSpan(from, Math.Min(random.Next(200), sample.Length - from)));
                    break;
                default:
                    text.Length = Math.Max(1, text.Length - random.Next(200));
                    break;
            }
        }

        return text.ToString();
    }

    private static void Check(ImportedRules rules, string text)
    {
        Assert.True(FirewallRuleValidator.Validate(rules.Model).IsEmpty, text);
        Assert.All(rules.NatRules, rule => Assert.True(rule.Id > 0 && rule.Name.Length is > 0 and <= Rule.MaxNameLength));
        Assert.All(rules.Problems, problem => Assert.True(problem.Line > 0 && problem.Reason.Length > 0 && problem.Text.Length <= 200));
        NftablesCompiler.CompileFull(rules.Model with { NatRules = [] });
    }
}
