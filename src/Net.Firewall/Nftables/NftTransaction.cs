using System.Text;

namespace Net.Firewall;

/// <summary>Commands for nftables that take effect all together or not at all; the text for <c>nft -f -</c>.</summary>
/// <param name="Utf8Text">The commands; ASCII only.</param>
public sealed record NftTransaction(ReadOnlyMemory<byte> Utf8Text)
{
    /// <summary>Nothing to do; need not be run.</summary>
    public static NftTransaction Empty { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Utf8Text.IsEmpty;

    /// <summary>Chunk chains that are written anew.</summary>
    public int ChainsWritten { get; init; }

    /// <summary>The commands as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8Text.Span);
}
