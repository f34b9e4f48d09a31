using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>The base chain of a direction: kept sessions, the rules established connections meet, then the way to all others.</summary>
/// <param name="direction">The direction.</param>
/// <param name="hasKept">Whether there are kept sessions.</param>
/// <param name="hoisted">Rules at the start.</param>
/// <param name="jumps">The way to the others.</param>
/// <param name="context">What the rules are written with.</param>
internal sealed class FilterChain(RuleDirection direction, bool hasKept, ImmutableArray<Rule> hoisted, JumpList jumps, RuleContext context)
    : TableChain(FirewallTable.BaseChain(direction))
{
    private readonly bool _hasKept = hasKept;
    private readonly ImmutableArray<Rule> _hoisted = hoisted;
    private readonly JumpList _jumps = jumps;
    private readonly RuleContext _context = context;

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) => standing is FilterChain other
        && _hasKept == other._hasKept
        && WriteAlike(_hoisted.AsSpan(), _context, other._hoisted.AsSpan(), other._context)
        && _jumps.ReadsLike(other._jumps);

    /// <inheritdoc/>
    public override bool Names(HashSet<long> lists)
    {
        foreach (Rule rule in _hoisted)
        {
            if (rule.Enabled && Names(rule, lists))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew)
    {
        writer.Constant("\tchain "u8).Name(Name).Constant(" {\n"u8);
        if (isNew)
        {
            writer.Constant("\t\ttype filter hook "u8).Name(Name).Constant(" priority filter; policy accept;\n"u8);
        }

        if (_hasKept)
        {
            // Both ways: a packet of ours may be the first that connection tracking sees.
            writer.Constant(direction == RuleDirection.Inbound
                ? "\t\tip saddr . tcp sport . tcp dport @k4 counter name \"kept\" accept\n\t\tip6 saddr . tcp sport . tcp dport @k6 counter name \"kept\" accept\n"u8
                : "\t\tip daddr . tcp dport . tcp sport @k4 counter name \"kept\" accept\n\t\tip6 daddr . tcp dport . tcp sport @k6 counter name \"kept\" accept\n"u8);
        }

        foreach (Rule rule in _hoisted)
        {
            NftRuleWriter.WriteInChunk(writer, rule, _context);
        }

        _jumps.Write(writer);
        writer.Constant("\t}\n"u8);
    }
}
