namespace Net.Firewall.Tests;

public sealed class GoldenRuleSetTests
{
    public static TheoryData<string> Names => [.. GoldenModels.Transactions.Keys, "change", "change-features"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_text_is_as_kept(string name)
    {
        string actual = (name == "change" ? GoldenModels.Change().Step : name == "change-features" ? GoldenFeatures.Change().Step : GoldenModels.Transactions[name]).ToString();
        string kept = Path.Combine(AppContext.BaseDirectory, "data", "firewall", $"{name}.nft");
        string expected = File.Exists(kept) ? File.ReadAllText(kept) : "";
        if (expected == actual)
        {
            return;
        }

        string written = Path.Combine(AppContext.BaseDirectory, $"{name}.actual.nft");
        File.WriteAllText(written, actual);
        Assert.Fail($"The compiled rule set differs from tests/data/firewall/{name}.nft. If that is meant, copy {written} over it and review the difference.");
    }

    [Fact]
    public void Nft_accepts_every_kept_rule_set()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var space = new FirewallNamespace();

        foreach (string name in GoldenModels.Transactions.Keys)
        {
            // Its control group is not there; a test of its own makes one. All others are loaded in earnest: nft -c does not ask the kernel everything.
            if (name == "conditions")
            {
                continue;
            }

            space.Run(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "firewall", $"{name}.nft")), "-f", "-");
        }

        space.Apply(GoldenModels.Change().Start);
        space.Run(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "firewall", "change.nft")), "-f", "-");
        space.Apply(GoldenFeatures.Change().Start);
        space.Run(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "firewall", "change-features.nft")), "-f", "-");
    }
}
