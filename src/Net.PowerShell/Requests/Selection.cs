using Net.Client;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>The things that answer to what a user asked for.</summary>
/// <typeparam name="T">The record of one.</typeparam>
/// <param name="Hits">Those found, in the order they were asked for, each once for every part it was asked for with.</param>
/// <param name="Missing">Names that no thing answers to. A pattern is never missing.</param>
internal sealed record Selection<T>(IReadOnlyList<(T Item, int Part)> Hits, IReadOnlyList<string> Missing)
    where T : class
{
    // Above this many names one list of everything is cheaper than the engine matching each thing against each name.
    private const int MaximumNames = 32;

    /// <summary>Those found, each once.</summary>
    public IEnumerable<T> Items => Hits.Select(hit => hit.Item).Distinct<T>(ReferenceEqualityComparer.Instance);

    /// <summary>Asks the engine.</summary>
    public static async Task<Selection<T>> ReadAsync(
        ItemKind<T> kind, IReadOnlyCollection<Wanted> wanted, IEngineCaller engine, CancellationToken cancellationToken)
    {
        string[]? names = wanted.Count > MaximumNames || wanted.Any(one => one.Name == "*")
            ? null
            : [.. wanted.Select(one => one.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
        try
        {
            return From(kind, wanted, await kind.ListAsync(engine, names, cancellationToken).ConfigureAwait(false));
        }
        catch (EngineException exception) when (names is not null && exception.ErrorId == kind.NotFound.Id)
        {
            // The engine refuses a list with a name that is not there; the user wants the others all the same.
            T[] all = names.Length == 1 ? [] : await kind.ListAsync(engine, null, cancellationToken).ConfigureAwait(false);
            return From(kind, wanted, all);
        }
    }

    /// <summary>Picks from what there is.</summary>
    public static Selection<T> From(ItemKind<T> kind, IEnumerable<Wanted> wanted, IReadOnlyList<T> all)
    {
        ILookup<string, T> byName = all
            .SelectMany(item => kind.Names(item).Select(name => (Name: name, Item: item)))
            .ToLookup(pair => pair.Name, pair => pair.Item, StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<(string Name, int Part)>();
        var hits = new List<(T Item, int Part)>();
        var missing = new List<string>();
        foreach (Wanted one in wanted)
        {
            int found = 0;
            foreach (T item in Answering(kind, one, all, byName))
            {
                found++;
                if (seen.Add((kind.Names(item)[0], one.Part)))
                {
                    hits.Add((item, one.Part));
                }
            }

            if (found == 0 && !one.IsPattern)
            {
                missing.Add(one.Name);
            }
        }

        return new Selection<T>(hits, missing);
    }

    private static IEnumerable<T> Answering(ItemKind<T> kind, Wanted wanted, IReadOnlyList<T> all, ILookup<string, T> byName)
    {
        if (!wanted.IsPattern)
        {
            return byName[wanted.Name].Where(item => wanted.Id == 0 || kind.Id(item) == wanted.Id);
        }

        var pattern = new NamePattern(wanted.Name);
        return all.Where(item => kind.Names(item).Any(pattern.Matches));
    }
}
