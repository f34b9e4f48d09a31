using Net.Contracts;
using Net.Engine.Firewall;
using Net.Engine.Firewall.Translation;
using Net.Engine.Reconciling;

namespace Net.Engine.Tests.Firewall;

public sealed class FirewallWarningTests
{
    [Fact]
    public void A_change_that_makes_a_rule_unreachable_warns_and_says_by_which()
    {
        FirewallRule broad = EngineRig.Rule("broad", "1-65535") with { Id = 1 };
        FirewallRule narrow = EngineRig.Rule("narrow", "22") with { Id = 2, Action = RuleAction.Allow };
        Assert.Equal(["Rule 'narrow' never matches: rule 'broad' before it blocks all of its packets, which it would treat otherwise."], Warnings([broad], [broad, narrow]));
        Assert.Empty(Warnings([broad, narrow], [broad, narrow, EngineRig.Rule("other", "53") with { Id = 3, Protocol = IpProtocol.Udp }]));
        Assert.Empty(Warnings([broad], [narrow, broad]));
    }

    private static string[] Warnings(FirewallRule[] from, FirewallRule[] to)
    {
        var plan = new PlanBuilder();
        FirewallWarnings.Add(new FirewallSection { Rules = from }, new FirewallSection { Rules = to }, new FirewallTranslator(TimeProvider.System), plan);
        return plan.Build(1).Warnings;
    }
}
