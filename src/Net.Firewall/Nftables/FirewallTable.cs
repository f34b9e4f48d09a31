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

    /// <summary>Name of the counter of a rule.</summary>
    public static string Counter(long ruleId) => string.Create(CultureInfo.InvariantCulture, $"r{ruleId}");

    /// <summary>Reads the rule id from the name of a counter; false for a counter that is not ours.</summary>
    public static bool TryGetRuleId(ReadOnlySpan<char> counterName, out long ruleId)
    {
        ruleId = 0;
        return counterName.Length > 1
            && counterName[0] == 'r'
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
