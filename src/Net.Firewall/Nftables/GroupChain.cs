namespace Net.Firewall;

/// <summary>A chain that leads on: to the chunks of a group, or to the parts of a branch.</summary>
/// <param name="name">Its name.</param>
/// <param name="jumps">The way on.</param>
internal sealed class GroupChain(string name, JumpList jumps) : TableChain(name)
{
    private readonly JumpList _jumps = jumps;

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) => standing is GroupChain other && _jumps.ReadsLike(other._jumps);

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew)
    {
        writer.Constant("\tchain "u8).Name(Name).Constant(" {\n"u8);
        _jumps.Write(writer);
        writer.Constant("\t}\n"u8);
    }
}
