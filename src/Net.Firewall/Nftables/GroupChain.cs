namespace Net.Firewall;

/// <summary>The chain of a group of chunks.</summary>
/// <param name="name">Its name.</param>
/// <param name="jumps">The way to its chunks.</param>
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
