using System.Globalization;

namespace Net.Firewall;

/// <summary>Names of what we own in nftables. Everything else belongs to others and is never touched.</summary>
public static class FirewallTable
{
    /// <summary>Family of our table: both IP versions.</summary>
    public const string Family = "inet";

    /// <summary>Name of our table.</summary>
    public const string Name = "netmod";

    /// <summary>Chain on the input hook.</summary>
    public const string InputChain = "input";

    /// <summary>Chain on the output hook.</summary>
    public const string OutputChain = "output";

    /// <summary>Chain on the forward hook.</summary>
    public const string ForwardChain = "forward";

    /// <summary>Chain that rejects every protocol in its own way.</summary>
    public const string RejectChain = "reject_any";

    /// <summary>Chain that sends a reset for TCP and "port unreachable" for everything else.</summary>
    public const string RejectTcpChain = "reject_tcp";

    /// <summary>Chain nothing leads to: that it asks for a connection's state keeps connection tracking, and with it the putting together of fragments, in place.</summary>
    public const string TrackingChain = "tracking";

    /// <summary>NAT chain on the prerouting hook, for destinations.</summary>
    public const string PreroutingChain = "prerouting";

    /// <summary>NAT chain on the output hook, for destinations of packets this host sends.</summary>
    public const string OutputNatChain = "output_nat";

    /// <summary>NAT chain on the postrouting hook, for sources.</summary>
    public const string PostroutingChain = "postrouting";

    /// <summary>Counter of packets of kept sessions.</summary>
    public const string KeptCounter = "kept";

    /// <summary>The NFLOG group matches are logged to, with the counter's name as prefix.</summary>
    public const int LogGroup = 5077;

    /// <summary>Bytes of a packet that are logged, from the IP header on.</summary>
    public const int LogSnapLength = 128;

    /// <summary>Name of the base chain of a direction.</summary>
    public static string BaseChain(RuleDirection direction) => direction switch
    {
        RuleDirection.Inbound => InputChain,
        RuleDirection.Outbound => OutputChain,
        _ => ForwardChain,
    };

    /// <summary>Name of a chunk chain.</summary>
    public static string ChunkChain(RuleDirection direction, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChunkPrefix(direction)}{number}");

    /// <summary>Name of a chain that leads to a group of chunks.</summary>
    internal static string GroupChain(RuleDirection direction, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChunkPrefix(direction)}g{number}");

    /// <summary>Name of the set with the addresses of a list in one IP version.</summary>
    public static string ListSet(long listId, RuleAddressFamily family) =>
        string.Create(CultureInfo.InvariantCulture, $"l{listId}_{(family == RuleAddressFamily.IPv6 ? 6 : 4)}");

    /// <summary>Name of the counter of a NAT rule.</summary>
    public static string NatCounter(long natRuleId) => string.Create(CultureInfo.InvariantCulture, $"n{natRuleId}");

    /// <summary>Name of the counter of a rule.</summary>
    public static string Counter(long ruleId) => string.Create(CultureInfo.InvariantCulture, $"r{ruleId}");

    /// <summary>Reads the id of a rule or NAT rule, which share their numbers, from the name of a counter; false for a counter that is not ours.</summary>
    public static bool TryGetRuleId(ReadOnlySpan<char> counterName, out long ruleId)
    {
        ruleId = 0;
        return counterName.Length > 1
            && counterName[0] is 'r' or 'n'
            && counterName[1] is >= '1' and <= '9'
            && long.TryParse(counterName[1..], NumberStyles.None, CultureInfo.InvariantCulture, out ruleId)
            && ruleId <= Rule.LastGeneratedId;
    }

    internal static string ChunkPrefix(RuleDirection direction) => direction switch
    {
        RuleDirection.Inbound => "in_",
        RuleDirection.Outbound => "out_",
        _ => "fwd_",
    };
}
