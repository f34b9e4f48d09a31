using Net.Contracts;

namespace Net.Engine.Firewall.Items;

/// <summary>A kind of thing in the firewall's section that has a name of its own: zones, lists, NAT rules, port forwards.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed record NamedItemKind<T>
    where T : class
{
    /// <summary>What it is called, such as <c>zone</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>The items of a section.</summary>
    public required Func<FirewallSection, T[]> Get { get; init; }

    /// <summary>A section with other items.</summary>
    public required Func<FirewallSection, T[], FirewallSection> Put { get; init; }

    /// <summary>The name of an item.</summary>
    public required Func<T, string> NameOf { get; init; }

    /// <summary>The id of an item; 0 where the kind has none.</summary>
    public Func<T, long> IdOf { get; init; } = static _ => 0;

    /// <summary>An item with another id.</summary>
    public Func<T, long, T> WithId { get; init; } = static (item, _) => item;

    /// <summary>The place an item asks for, from 1; null for none.</summary>
    public Func<T, int?> PositionOf { get; init; } = static _ => null;

    /// <summary>Who of a section uses an item of that name, in words; empty when nobody does.</summary>
    public Func<FirewallSection, string, IEnumerable<string>> UsersOf { get; init; } = static (_, _) => [];

    /// <summary>Names that are taken by others of the same kind of name.</summary>
    public Func<FirewallSection, IEnumerable<string>> OtherNames { get; init; } = static _ => [];
}
