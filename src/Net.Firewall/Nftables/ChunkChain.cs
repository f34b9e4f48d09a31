namespace Net.Firewall;

/// <summary>The chain of one chunk.</summary>
/// <param name="chunk">The chunk.</param>
/// <param name="context">What its rules are written with.</param>
internal sealed class ChunkChain(RuleChunk chunk, RuleContext context) : TableChain(chunk.Name)
{
    private readonly RuleChunk _chunk = chunk;
    private readonly RuleContext _context = context;

    /// <inheritdoc/>
    public override bool IsChunk => true;

    private ReadOnlySpan<Rule> Rules => _chunk.Rules.AsSpan();

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) => standing is ChunkChain other && WriteAlike(Rules, _context, other.Rules, other._context);

    /// <inheritdoc/>
    public override bool Names(HashSet<long> lists)
    {
        foreach (Rule rule in Rules)
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
        foreach (Rule rule in Rules)
        {
            NftRuleWriter.WriteInChunk(writer, rule, _context);
        }

        writer.Constant("\t}\n"u8);
    }
}
