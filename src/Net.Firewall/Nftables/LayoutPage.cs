namespace Net.Firewall;

/// <summary>One range of values and the rules that may match in it.</summary>
/// <param name="First">The first value.</param>
/// <param name="Content">The rules: a chunk, or a branch where they are many that this dimension does not tell apart.</param>
internal readonly record struct LayoutPage(UInt128 First, LayoutPart Content)
{
    /// <summary>Rules a fresh page is filled with.</summary>
    public const int TargetLength = 8;

    /// <summary>Rules beyond which a page is cut in two where its values allow it.</summary>
    public const int MaxLength = 16;

    /// <summary>Rules beyond which a page that cannot be cut is arranged by another dimension.</summary>
    public const int MaxUncut = 32;
}
