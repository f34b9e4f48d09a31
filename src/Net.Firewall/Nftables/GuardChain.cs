namespace Net.Firewall;

/// <summary>The chain of a guard: a packet leaves it with the first question it answers with yes.</summary>
/// <param name="target">The chain behind the guard.</param>
/// <param name="guard">The guard.</param>
internal sealed class GuardChain(string target, RuleGuard guard) : TableChain(GuardWriter.ChainOf(target))
{
    private readonly RuleGuard _guard = guard;

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) => standing is GuardChain other && _guard.ReadsLike(other._guard);

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew)
    {
        writer.Constant("\tchain "u8).Name(Name).Constant(" {\n"u8);
        foreach (GuardAlternative alternative in _guard.Alternatives)
        {
            GuardWriter.Write(writer.Constant("\t\t"u8), alternative, target);
            writer.Constant("goto "u8).Name(target).Constant("\n"u8);
        }

        writer.Constant("\t}\n"u8);
    }
}
