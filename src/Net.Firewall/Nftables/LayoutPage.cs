namespace Net.Firewall;

/// <summary>One range of values and the rules that may match in it.</summary>
/// <param name="First">The first value.</param>
/// <param name="Content">The rules: a chunk, or a branch where they are many that this dimension does not tell apart.</param>
/// <param name="Singles">The values the rules ask for, sorted, where each of them asks for single values; null where one asks for a range.</param>
internal readonly record struct LayoutPage(UInt128 First, LayoutPart Content, UInt128[]? Singles = null)
{
    /// <summary>Rules a fresh page of a map of ranges is filled with.</summary>
    public const int TargetLength = 8;

    /// <summary>Rules beyond which a page of a map of ranges is cut in two where its values allow it.</summary>
    public const int MaxLength = 16;

    /// <summary>Rules a fresh page of a hash map is filled with. Its look-up costs the same however many pages there are, and every rule a packet passes by costs it about 12 ns.</summary>
    public const int TargetHashedLength = 2;

    /// <summary>Rules beyond which a page of a hash map is cut in two where its values allow it.</summary>
    public const int MaxHashedLength = 6;

    /// <summary>Rules beyond which a page that cannot be cut is arranged by another dimension.</summary>
    public const int MaxUncut = 32;

    /// <summary>Rules a fresh page is filled with.</summary>
    /// <param name="isHashed">Whether its map is a hash map.</param>
    public static int TargetOf(bool isHashed) => isHashed ? TargetHashedLength : TargetLength;

    /// <summary>Rules beyond which a page is cut in two where its values allow it.</summary>
    /// <param name="isHashed">Whether its map is a hash map.</param>
    public static int MaxOf(bool isHashed) => isHashed ? MaxHashedLength : MaxLength;
}
