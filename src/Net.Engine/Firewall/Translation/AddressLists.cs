using System.Collections.Immutable;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Firewall.AddressRange;

namespace Net.Engine.Firewall.Translation;

/// <summary>Address lists as the model has them: each with all it holds, files, names, countries and nested lists put in. Arrays that hold the same as before stay the same
/// instance, so that comparing models stays cheap.</summary>
internal sealed class AddressLists
{
    private readonly IAddressListContents _contents;
    private readonly Dictionary<string, FirewallAddressList> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<long, ImmutableArray<AddressRange>> _own = [];

    private AddressLists(FirewallAddressList[] lists, IAddressListContents contents)
    {
        _contents = contents;
        foreach (FirewallAddressList list in lists)
        {
            _byName.TryAdd(list.Name, list);
        }
    }

    /// <summary>The lists of the model.</summary>
    public ImmutableArray<AddressList> Lists { get; private set; } = [];

    /// <summary>Resolves lists.</summary>
    /// <param name="lists">The lists of the document.</param>
    /// <param name="contents">What their sources hold.</param>
    /// <param name="before">What was resolved last; equal content keeps its arrays.</param>
    public static AddressLists Resolve(FirewallAddressList[] lists, IAddressListContents contents, AddressLists? before)
    {
        var resolved = new AddressLists(lists, contents);
        Dictionary<long, AddressList> old = before?.Lists.ToDictionary(list => list.Id) ?? [];
        var all = new List<AddressList>(lists.Length);
        var taken = new HashSet<long>();
        foreach (FirewallAddressList list in lists)
        {
            // A new list has no id until numbering ran; two of the same would not compile.
            if (!taken.Add(list.Id))
            {
                continue;
            }

            var next = new AddressList
            {
                Id = list.Id,
                Name = list.Name,
                Addresses = list.Dynamic ? [] : resolved.ContentOf(list),
                IsDynamic = list.Dynamic,
                Timeout = list.Dynamic ? list.Timeout : null,
                MaxEntries = list.MaxEntries,
            };
            all.Add(old.TryGetValue(next.Id, out AddressList? known) && known.Equals(next) ? known : next);
        }

        resolved.Lists = [.. all];
        return resolved;
    }

    /// <summary>A list by name; null when there is none.</summary>
    public FirewallAddressList? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All that a list holds but for what rules put in.</summary>
    private ImmutableArray<AddressRange> ContentOf(FirewallAddressList list)
    {
        if (list.List.Length == 0)
        {
            return Own(list);
        }

        ImmutableArray<AddressRange>.Builder all = ImmutableArray.CreateBuilder<AddressRange>();
        Collect(list, all, []);
        return all.DrainToImmutable();
    }

    private void Collect(FirewallAddressList list, ImmutableArray<AddressRange>.Builder all, HashSet<long> visited)
    {
        if (!visited.Add(list.Id))
        {
            return;
        }

        all.AddRange(Own(list));
        foreach (string name in list.List)
        {
            if (Find(name) is { Dynamic: false } nested)
            {
                Collect(nested, all, visited);
            }
        }
    }

    private ImmutableArray<AddressRange> Own(FirewallAddressList list)
    {
        if (!_own.TryGetValue(list.Id, out ImmutableArray<AddressRange> own))
        {
            ImmutableArray<AddressRange> outside = _contents.ContentOf(list);
            own = list.Address.Length == 0 ? outside : outside.IsEmpty ? ModelValues.Addresses(list.Address) : ModelValues.Addresses(list.Address).AddRange(outside);
            _own[list.Id] = own;
        }

        return own;
    }
}
