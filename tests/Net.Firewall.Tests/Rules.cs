namespace Net.Firewall.Tests;

/// <summary>Short ways to write rules in tests.</summary>
internal static class Rules
{
    public static Rule Block(long id, RuleDirection direction = RuleDirection.Inbound) => new()
    {
        Id = id,
        Name = $"rule-{id}",
        Direction = direction,
        Action = RuleAction.Block,
    };

    /// <summary>A rule like any in a list: one TCP port that tells it from its neighbours.</summary>
    public static Rule BlockPort(long id, ushort port, RuleDirection direction = RuleDirection.Inbound) => Block(id, direction) with
    {
        Protocol = RuleProtocol.Tcp,
        DestinationPorts = [new PortRange(port)],
    };

    public static FirewallModel Model(params IEnumerable<Rule> rules) => new([.. rules]);

    /// <summary>Rules 1 to count, each with the port of its id.</summary>
    public static FirewallModel Ports(int count, RuleDirection direction = RuleDirection.Inbound) =>
        Model(Enumerable.Range(1, count).Select(id => BlockPort(id, (ushort)id, direction)));

    /// <summary>Rules 1 to count that no address or port tells apart: each with the mark of its id.</summary>
    public static FirewallModel Marks(int count, RuleDirection direction = RuleDirection.Inbound) => Model(Enumerable.Range(1, count).Select(id => Marked(id, direction)));

    /// <summary>A rule that asks for a mark, its id.</summary>
    public static Rule Marked(long id, RuleDirection direction = RuleDirection.Inbound) => Block(id, direction) with { Conditions = new() { Mark = new MarkMatch((uint)id) } };

    public static AddressRange Address(string text) =>
        AddressRange.TryParse(text, out AddressRange range) ? range : throw new ArgumentException($"Not an address: {text}", nameof(text));
}
