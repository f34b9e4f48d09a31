using System.Net;

namespace Net.Relay.Tests.Checks;

public sealed class RuleIndexTests
{
    [Fact]
    public void Random_rules_are_found_as_a_search_of_all_finds_them()
    {
        var random = new Random(51);
        var found = new List<int>();
        for (int round = 0; round < 200; round++)
        {
            RelayRuleDefinition[] rules = [.. Enumerable.Range(0, 60).Select(_ => RandomRule(random))];
            var index = new RuleIndex(rules);
            for (int query = 0; query < 60; query++)
            {
                RelayRuleDefinition wanted = RandomRule(random);

                index.Find(wanted.Interface, wanted.Destination, wanted.PortFrom, wanted.PortTo, wanted.Protocol, found);

                Assert.Equal([.. Enumerable.Range(0, rules.Length).Where(rule => Shares(rules[rule], wanted))], found);
            }
        }
    }

    private static bool Shares(RelayRuleDefinition rule, RelayRuleDefinition wanted) =>
        rule.IsEnabled
        && rule.Protocol == wanted.Protocol
        && rule.PortFrom <= wanted.PortTo
        && wanted.PortFrom <= rule.PortTo
        && rule.Destination.Overlaps(wanted.Destination)
        && (rule.Interface == wanted.Interface
            || (rule.Interface == "eth*" && wanted.Interface.StartsWith("eth", StringComparison.Ordinal) && wanted.Interface != "eth?")
            || (rule.Interface == "eth?" && wanted.Interface is "eth0" or "eth1")
            || (wanted.Interface == "eth*" && rule.Interface is "eth0" or "eth1")
            || (wanted.Interface == "eth?" && rule.Interface is "eth0" or "eth1"))
        && !(rule.Interface != wanted.Interface && RuleIndex.IsPattern(rule.Interface) && RuleIndex.IsPattern(wanted.Interface));

    private static RelayRuleDefinition RandomRule(Random random)
    {
        bool isIPv6 = random.Next(4) == 0;
        AddressPrefix destination = random.Next(3) switch
        {
            0 => AddressPrefix.Of(IPAddress.Parse(isIPv6 ? "ff0e::" : "239.1.0.0"), isIPv6 ? random.Next(14, 129) : random.Next(10, 33)),
            _ => AddressPrefix.Parse(isIPv6 ? $"ff0e::{random.Next(3)}" : $"239.1.{random.Next(2)}.{random.Next(3)}"),
        };
        int from = random.Next(1, 5);
        return new RelayRuleDefinition
        {
            RuleId = 1,
            Name = "r",
            IsEnabled = random.Next(8) != 0,
            Interface = random.Next(8) switch { 0 => "eth*", 1 => "eth?", 2 => "br0", 3 or 4 => "eth1", _ => "eth0" },
            Destination = destination,
            PortFrom = from,
            PortTo = random.Next(3) == 0 ? random.Next(from, 7) : from,
            Protocol = random.Next(10) == 0 ? RelayProtocol.Esp : RelayProtocol.Udp,
            Outputs = [],
        };
    }
}
