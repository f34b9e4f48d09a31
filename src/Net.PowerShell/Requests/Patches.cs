namespace Net.PowerShell.Requests;

/// <summary>What one Set- command changes: which things, and what of each. Parts that came in by property name may differ from one object of the pipeline to the next.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
/// <typeparam name="TPatch">The parts a user gave.</typeparam>
/// <param name="kind">The kind of the things.</param>
/// <param name="apply">A thing with these parts in place of its own.</param>
internal sealed class Patches<T, TPatch>(ItemKind<T> kind, Func<TPatch, T, T> apply)
    where T : class
    where TPatch : class, IEquatable<TPatch>
{
    private readonly List<Wanted> _wanted = [];
    private readonly List<TPatch> _parts = [];

    /// <summary>The things, each with the number of its parts.</summary>
    public IReadOnlyList<Wanted> Wanted => _wanted;

    /// <summary>Takes in one step of the pipeline: whole objects, or names without any.</summary>
    public void Add(TPatch parts, string[]? names, T[]? items)
    {
        if (_parts.Count == 0 || !_parts[^1].Equals(parts))
        {
            _parts.Add(parts); // One for the whole pipeline, unless parts come in by property name.
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(items is null ? names!.Select(name => new Wanted(name, Part: part)) : items.Select(item => kind.Exactly(item, part)));
    }

    /// <summary>What a thing becomes.</summary>
    /// <param name="item">The thing as it is now.</param>
    /// <param name="part">The number of its parts.</param>
    public T Apply(T item, int part) => apply(_parts[part], item);
}
