using System.Globalization;

namespace Net.Firewall;

/// <summary>A chain that one rule has to itself. It is left alone when other rules of the chunk change, and so is what its limits remember.</summary>
/// <param name="kind">What it is for.</param>
/// <param name="rule">The rule.</param>
/// <param name="context">What it is written with.</param>
internal sealed class RuleChain(RuleChainKind kind, Rule rule, RuleContext context) : TableChain(NameOf(kind, rule))
{
    private readonly Rule _rule = rule;
    private readonly RuleContext _context = context;

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) =>
        standing is RuleChain other && WriteAlike([_rule], _context, [other._rule], other._context);

    /// <inheritdoc/>
    public override bool Names(HashSet<long> lists) => Names(_rule, lists);

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew)
    {
        switch (kind)
        {
            case RuleChainKind.Effects:
                NftRuleWriter.WriteEffects(writer, _rule, _context);
                break;
            case RuleChainKind.State:
                NftRuleWriter.WriteState(writer, _rule);
                break;
            default:
                NftRuleWriter.WriteAlternatives(writer, _rule, _context);
                break;
        }
    }

    private static string NameOf(RuleChainKind kind, Rule rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(kind == RuleChainKind.Effects ? 'e' : kind == RuleChainKind.State ? 's' : 'a')}{rule.Id}");
}
