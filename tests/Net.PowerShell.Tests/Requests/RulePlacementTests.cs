using Net.Client;
using Net.Contracts;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class RulePlacementTests
{
    private static readonly FirewallRule[] All = [Sample.Rule("a", 1), Sample.Rule("b", 2), Sample.Rule("c", 3), Sample.Rule("d", 4)];

    [Theory]
    [InlineData("d", "b", false, "a d b c")]
    [InlineData("d", "b", true, "a b d c")]
    [InlineData("a", "D", false, "b c a d")]
    [InlineData("a", "d", true, "b c d a")]
    [InlineData("d,a", "b", true, "b d a c")]
    [InlineData("c,d", "a", false, "c d a b")]
    public void Rules_go_beside_another_in_their_order(string moved, string anchor, bool behind, string expected)
    {
        FirewallRule[] chosen = [.. moved.Split(',').Select(name => All.Single(rule => rule.Name == name))];

        FirewallRule[] placed = RulePlacement.Place(chosen, All, anchor, behind);

        Assert.Equal(expected, string.Join(' ', AsTheEngineDoes(placed).Select(rule => rule.Name)));
    }

    [Fact]
    public void Nothing_goes_beside_itself_or_beside_what_is_not_there()
    {
        EngineException itself = Assert.Throws<EngineException>(() => RulePlacement.Place([All[0]], All, "a", behind: false));
        EngineException nobody = Assert.Throws<EngineException>(() => RulePlacement.Place([All[0]], All, "x", behind: false));

        Assert.Equal("ArgumentInvalid", itself.ErrorId);
        Assert.Equal("FirewallRuleNotFound", nobody.ErrorId);
    }

    private static List<FirewallRule> AsTheEngineDoes(FirewallRule[] placed)
    {
        List<FirewallRule> rules = [.. All.Where(rule => placed.All(one => one.Id != rule.Id))];
        foreach (FirewallRule rule in placed.OrderBy(rule => rule.Position))
        {
            rules.Insert(rule.Position!.Value - 1, rule);
        }

        return rules;
    }
}
