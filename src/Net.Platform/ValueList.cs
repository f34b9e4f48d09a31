namespace Net.Platform;

/// <summary>Makes <see cref="ValueList{T}"/>; lets collection expressions build it.</summary>
public static class ValueList
{
    /// <summary>A list with copies of <paramref name="items"/>.</summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="items">The items in order.</param>
    /// <returns>The list.</returns>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? ValueList<T>.Empty : new ValueList<T>(items.ToArray());
}
