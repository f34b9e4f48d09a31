namespace Net.Engine.Firewall;

/// <summary>Finds what two versions of a list have in common without looking into it: records are never changed in place, so the same one says the same.</summary>
internal static class UnchangedRecords
{
    /// <summary>How many records from the begin, and of the rest how many up to the end, are the same ones at the same place.</summary>
    public static (int Start, int End) Count<T>(ReadOnlySpan<T> before, ReadOnlySpan<T> after)
        where T : class
    {
        int shorter = Math.Min(before.Length, after.Length);
        int start = 0;
        while (start < shorter && ReferenceEquals(before[start], after[start]))
        {
            start++;
        }

        int end = 0;
        while (end < shorter - start && ReferenceEquals(before[^(end + 1)], after[^(end + 1)]))
        {
            end++;
        }

        return (start, end);
    }
}
