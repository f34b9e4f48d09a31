using Net.Contracts;

namespace Net.PowerShell.Tests.Fakes;

/// <summary>Things to test with.</summary>
internal static class Sample
{
    public static FirewallRule Rule(string name, long id = 0) => new()
    {
        Name = name,
        Id = id,
        Action = RuleAction.Block,
        Protocol = IpProtocol.Tcp,
        LocalPort = [new PortRange(80)],
        Position = 7,
        PacketCount = 5,
    };

    public static NetPath Path(string alias, string gateway) => new()
    {
        PathId = $"{alias}/{gateway}",
        InterfaceAlias = alias,
        Gateway = gateway,
        StateReason = "replies come back",
        SelectionReason = "lowest metric",
    };

    public static EngineStatus Status(long generation) => new()
    {
        Version = "0.1.0",
        ProtocolVersion = EngineApi.ProtocolVersion,
        RunsAs = "root",
        Socket = "/run/netmod/engine.sock",
        Generation = generation,
        Privileges = new PrivilegeStatus([], [], true, 1, null),
    };

    public static ChangeOutcome Outcome(params ConfigurationChange[] changes) => new(true, 2, new ConfigurationPlan(1, changes, []));

    public static EngineEvent Event(long sequence, string id = "PathFailed") => new()
    {
        Sequence = sequence,
        EventId = id,
        Area = "paths",
        Message = id,
    };

    public static EngineException Failure(ErrorDefinition definition) => new(definition, definition.Meaning);

    public static async IAsyncEnumerable<T> Items<T>(params T[] items)
    {
        foreach (T item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }
}
