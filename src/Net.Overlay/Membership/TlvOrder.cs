namespace Net.Overlay.Membership;

/// <summary>The order of values of one tag: shorter first, then by their bytes.</summary>
internal sealed class TlvOrder : IComparer<byte[]>
{
    /// <summary>The one instance.</summary>
    public static TlvOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => Compare(x.AsSpan(), y.AsSpan());

    /// <summary>Compares two values.</summary>
    public static int Compare(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);
}
