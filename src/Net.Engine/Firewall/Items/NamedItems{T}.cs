using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;

namespace Net.Engine.Firewall.Items;

/// <summary>Lists, adds, replaces and removes items of one kind; each change is an edit of the document.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="configuration">The desired state.</param>
/// <param name="kind">The kind.</param>
internal sealed class NamedItems<T>(ConfigurationManager configuration, NamedItemKind<T> kind)
    where T : class
{
    private T[] All => kind.Get(configuration.Document.Firewall);

    /// <summary>Items by name.</summary>
    /// <param name="names">Names, with wildcards; null or empty means all.</param>
    /// <exception cref="EngineException">A name without wildcard is nobody's.</exception>
    public T[] List(string[]? names)
    {
        T[] all = All;
        foreach (string name in names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !all.Any(item => Same(kind.NameOf(item), name)))
            {
                throw NotFound(name);
            }
        }

        return [.. all.Where(item => NameFilter.Matches(names, kind.NameOf(item)))];
    }

    /// <summary>One item by its exact name.</summary>
    /// <param name="name">The name, without regard to case.</param>
    /// <exception cref="EngineException">There is none.</exception>
    public T Find(string name) => All.FirstOrDefault(item => Same(kind.NameOf(item), name)) ?? throw NotFound(name);

    /// <summary>Adds items, all or none.</summary>
    public async Task<(T[] Items, ChangeOutcome Outcome)> CreateAsync(Actor actor, T[] items, ChangeOptions? change, CancellationToken cancellationToken)
    {
        RefuseNone(items.Length);
        ChangeOutcome outcome = await ChangeAsync(actor, change, section =>
        {
            var names = new HashSet<string>(kind.Get(section).Select(kind.NameOf).Concat(kind.OtherNames(section)), StringComparer.OrdinalIgnoreCase);
            foreach (T item in items)
            {
                if (!names.Add(kind.NameOf(item)))
                {
                    throw new EngineException(ErrorCatalogue.FirewallItemExists, $"The name '{kind.NameOf(item)}' is taken already; choose another for the {kind.Noun}.", kind.NameOf(item));
                }
            }

            List<T> all = [.. kind.Get(section)];
            foreach (T item in items)
            {
                all.Insert(PlaceOf(kind.PositionOf(item), all.Count), kind.WithId(item, 0));
            }

            return kind.Put(section, [.. all]);
        }, cancellationToken).ConfigureAwait(false);
        return (outcome.Applied ? Current(items) : items, outcome);
    }

    /// <summary>Replaces items, all or none: each found by its id where it has one, else by its name.</summary>
    public async Task<(T[] Items, ChangeOutcome Outcome)> SetAsync(Actor actor, T[] items, ChangeOptions? change, CancellationToken cancellationToken)
    {
        RefuseNone(items.Length);
        ChangeOutcome outcome = await ChangeAsync(actor, change, section =>
        {
            List<T> all = [.. kind.Get(section)];
            foreach (T wanted in items)
            {
                long id = kind.IdOf(wanted);
                int index = all.FindIndex(item => id != 0 ? kind.IdOf(item) == id : Same(kind.NameOf(item), kind.NameOf(wanted)));
                if (index < 0)
                {
                    throw NotFound(kind.NameOf(wanted));
                }

                T next = kind.WithId(wanted, kind.IdOf(all[index]));
                all[index] = next;
                if (kind.PositionOf(wanted) is { } position && position != index + 1)
                {
                    all.RemoveAt(index);
                    all.Insert(PlaceOf(position, all.Count), next);
                }
            }

            return kind.Put(section, [.. all]);
        }, cancellationToken).ConfigureAwait(false);
        return (Current(items), outcome);
    }

    /// <summary>Removes items, all or none.</summary>
    /// <exception cref="EngineException">One is still used by something that stays; the message says by what.</exception>
    public async Task<(T[] Items, ChangeOutcome Outcome)> RemoveAsync(Actor actor, string[] names, ChangeOptions? change, CancellationToken cancellationToken)
    {
        RefuseNone(names.Length);
        T[] removed = [];
        ChangeOutcome outcome = await ChangeAsync(actor, change, section =>
        {
            var going = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
            removed = [.. kind.Get(section).Where(item => going.Contains(kind.NameOf(item)))];
            if (removed.Length < going.Count)
            {
                going.ExceptWith(removed.Select(kind.NameOf));
                throw NotFound(going.First());
            }

            FirewallSection next = kind.Put(section, [.. kind.Get(section).Except(removed)]);
            foreach (T item in removed)
            {
                string[] users = [.. kind.UsersOf(next, kind.NameOf(item)).Take(6)];
                if (users.Length > 0)
                {
                    string all = string.Join(", ", users.Take(5)) + (users.Length > 5 ? " and others" : string.Empty);
                    throw new EngineException(ErrorCatalogue.FirewallItemInUse, $"The {kind.Noun} '{kind.NameOf(item)}' is used by {all}.", kind.NameOf(item));
                }
            }

            return next;
        }, cancellationToken).ConfigureAwait(false);
        return (removed, outcome);
    }

    /// <summary>Changes one item as it is when its turn comes.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="name">Its name.</param>
    /// <param name="edit">Gives the new item.</param>
    /// <param name="change">How to make the change.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<(T[] Items, ChangeOutcome Outcome)> EditAsync(Actor actor, string name, Func<T, T> edit, ChangeOptions? change, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await ChangeAsync(actor, change, section =>
        {
            T[] all = [.. kind.Get(section)];
            int index = Array.FindIndex(all, item => Same(kind.NameOf(item), name));
            if (index < 0)
            {
                throw NotFound(name);
            }

            all[index] = edit(all[index]);
            return kind.Put(section, all);
        }, cancellationToken).ConfigureAwait(false);
        return ([Find(name)], outcome);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static int PlaceOf(int? position, int count) => position is not { } wanted ? count
        : wanted >= 1 && wanted <= count + 1 ? wanted - 1
        : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"Position {wanted} is not between 1 and {count + 1}.", "position");

    private Task<ChangeOutcome> ChangeAsync(Actor actor, ChangeOptions? change, Func<FirewallSection, FirewallSection> edit, CancellationToken cancellationToken) =>
        configuration.ChangeAsync(actor, change, document => document with { Firewall = edit(document.Firewall) }, cancellationToken);

    private void RefuseNone(int count)
    {
        if (count == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"No {kind.Noun} was given.", "names");
        }
    }

    private EngineException NotFound(string name) => new(ErrorCatalogue.FirewallItemNotFound, $"No {kind.Noun} is named '{name}'.", name);

    private T[] Current(T[] asked)
    {
        T[] all = All;
        return [.. asked.Select(item => Array.Find(all, one => Same(kind.NameOf(one), kind.NameOf(item)))).OfType<T>()];
    }
}
