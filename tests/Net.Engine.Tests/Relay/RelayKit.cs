using System.Net.NetworkInformation;
using Net.Contracts;
using Net.Workers.Relay;

namespace Net.Engine.Tests.Relay;

/// <summary>Rules and interfaces for tests of the relay.</summary>
internal static class RelayKit
{
    public const int In = 2;
    public const int Out = 3;

    /// <summary>in0 and out0 with addresses and link-layer addresses.</summary>
    public static EngineRig WithLinks(this EngineRig rig)
    {
        rig.AddLink(In, "in0", "10.1.0.1");
        rig.AddLink(Out, "out0", "10.2.0.1");
        return rig;
    }

    public static void AddLink(this EngineRig rig, int index, string name, string? address = null)
    {
        rig.Network.AddLink(index, name);
        rig.Network.ChangeLink(index, link => link with { HardwareType = 1, HardwareAddress = PhysicalAddress.Parse($"0200000000{index:X2}") });
        if (address is not null)
        {
            rig.Network.Give(index, address);
        }
    }

    public static RelayRule Rule(string name, string group = "239.1.1.1", int port = 5000, RelayEngine engine = RelayEngine.Auto) => new()
    {
        Name = name,
        InterfaceAlias = "in0",
        Group = AddressRange.Parse(group),
        Port = new PortRange(port),
        Engine = engine,
        Outputs = [new RelayOutput { InterfaceAlias = "out0", Destination = "239.2.2.2" }],
    };

    public static async Task<RelayRule[]> AddAsync(this EngineRig rig, params RelayRule[] rules) =>
        (await rig.Relay.CreateAsync(EngineRig.Admin, new CreateRelayRules(rules), EngineRig.Token)).Rules;

    public static async Task<RelayRule> RuleAsync(this EngineRig rig, string name) => (await rig.Relay.ListAsync(new ListRelayRules([name]), EngineRig.Token)).Single();

    /// <summary>Looks again and again until a rule is in a state: what the kernel tells is followed by another thread.</summary>
    public static async Task<RelayRule> UntilAsync(this EngineRig rig, string name, Func<RelayRule, bool> isRight)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (int look = 0; look < 4000; look++)
        {
            RelayRule rule = await rig.RuleAsync(name);
            if (isRight(rule))
            {
                return rule;
            }

            await timer.WaitForNextTickAsync(EngineRig.Token);
        }

        RelayRule last = await rig.RuleAsync(name);
        throw new TimeoutException($"{last.State}: {last.Reason}");
    }

    public static RelayFlowKey Key(RelayRule rule, int index = In) => new((int)rule.Id, index);
}
