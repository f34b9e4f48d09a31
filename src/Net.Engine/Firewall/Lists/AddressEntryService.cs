using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall.Items;
using Net.Engine.Firewall.Translation;
using Net.Firewall;
using Net.Platform;
using AddressRange = Net.Contracts.AddressRange;

namespace Net.Engine.Firewall.Lists;

/// <summary>Serves what address lists hold: of a dynamic list the kernel's elements, put in and taken out at once; of any other an edit of the document.</summary>
/// <param name="configuration">The desired state.</param>
/// <param name="firewall">Holds the table.</param>
/// <param name="sources">Knows the contents of files, names and countries; null knows none.</param>
/// <param name="events">Hears of changes of dynamic lists.</param>
internal sealed class AddressEntryService(ConfigurationManager configuration, FirewallSubsystem firewall, AddressListSources? sources, EventLog events)
{
    private const int MostAtOnce = 10_000;
    private readonly NamedItems<FirewallAddressList> _lists = new(configuration, FirewallItemKinds.AddressLists);

    /// <summary>What a list holds now.</summary>
    public FirewallAddressEntry[] List(ListFirewallAddressEntries request)
    {
        FirewallAddressList list = _lists.Find(request.Name);
        if (list.Dynamic)
        {
            IReadOnlyList<SetElement> elements = firewall.ReadEntries(list.Id)
                ?? throw new EngineException(ErrorCatalogue.FirewallApplyFailed, $"What the list '{list.Name}' holds in the kernel could not be read.", list.Name);
            return [.. elements.Select(element => new FirewallAddressEntry(AddressRange.Parse(element.Address.ToString()), "rule", element.ExpiresIn))];
        }

        List<FirewallAddressEntry> entries = [.. list.Address.Select(address => new FirewallAddressEntry(address, "list"))];
        foreach ((string origin, ImmutableArray<Net.Firewall.AddressRange> addresses) in sources?.PartsOf(list) ?? [])
        {
            AddAll(origin, addresses);
        }

        ImmutableArray<AddressList> model = firewall.Translator.Translate(configuration.Document.Firewall).Model.AddressLists;
        foreach (string name in list.List)
        {
            FirewallAddressList nested = _lists.Find(name);
            AddAll($"list {nested.Name}", model.First(one => one.Id == nested.Id).Addresses);
        }

        return [.. entries];

        void AddAll(string origin, ImmutableArray<Net.Firewall.AddressRange> addresses)
        {
            foreach (Net.Firewall.AddressRange range in addresses)
            {
                entries.Add(new FirewallAddressEntry(AddressRange.Parse(range.ToString()), origin));
            }
        }
    }

    /// <summary>Puts addresses into a list.</summary>
    public async Task<FirewallAddressListsChanged> AddAsync(Actor actor, AddFirewallAddresses request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Addresses);
        FirewallAddressList list = _lists.Find(request.Name);
        if (list.Dynamic)
        {
            if (request.Timeout < TimeSpan.FromSeconds(1) || request.Timeout > TimeSpan.FromDays(365))
            {
                throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The time {request.Timeout} is not between 1 second and 365 days.", "timeout");
            }

            await RunAsync(list.Name, request.Addresses, (one, addresses) => NftListElements.Add(one.Id, addresses, request.Timeout ?? one.Timeout), cancellationToken).ConfigureAwait(false);
            events.Publish("FirewallAddressesAdded", "firewall", EventSeverity.Information, $"{Words(request.Addresses)} put into the list '{list.Name}'.", list.Name, actor.Name);
            return Unchanged(list);
        }

        if (request.Timeout is not null)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The list '{list.Name}' is not dynamic, so addresses stay in it until they are taken out.", "timeout");
        }

        (FirewallAddressList[] items, ChangeOutcome outcome) = await _lists.EditAsync(
            actor, request.Name, item => item with { Address = [.. item.Address.Union(request.Addresses)] }, request.Change, cancellationToken).ConfigureAwait(false);
        return new FirewallAddressListsChanged(items, outcome);
    }

    /// <summary>Takes addresses out of a list.</summary>
    public async Task<FirewallAddressListsChanged> RemoveAsync(Actor actor, RemoveFirewallAddresses request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Addresses);
        FirewallAddressList list = _lists.Find(request.Name);
        if (list.Dynamic)
        {
            await RunAsync(list.Name, request.Addresses, (one, addresses) => NftListElements.Remove(one.Id, addresses), cancellationToken).ConfigureAwait(false);
            events.Publish("FirewallAddressesRemoved", "firewall", EventSeverity.Information, $"{Words(request.Addresses)} taken out of the list '{list.Name}'.", list.Name, actor.Name);
            return Unchanged(list);
        }

        (FirewallAddressList[] items, ChangeOutcome outcome) = await _lists.EditAsync(actor, request.Name, item =>
        {
            AddressRange? missing = request.Addresses.Except(item.Address).FirstOrDefault();
            return missing is null ? item with { Address = [.. item.Address.Except(request.Addresses)] }
                : throw new EngineException(ErrorCatalogue.FirewallItemNotFound, $"The list '{item.Name}' has no {missing} of its own; what comes from files, names, countries and other lists is taken out there.", missing.ToString());
        }, request.Change, cancellationToken).ConfigureAwait(false);
        return new FirewallAddressListsChanged(items, outcome);
    }

    /// <summary>Puts a source into a dynamic list for a time, for whoever found out that it does harm.</summary>
    /// <param name="listName">The list.</param>
    /// <param name="addresses">Single addresses.</param>
    /// <param name="time">How long they stay; null for the list's own time.</param>
    /// <param name="cancellationToken">Gives up while nothing is done.</param>
    public Task BanAsync(string listName, AddressRange[] addresses, TimeSpan? time, CancellationToken cancellationToken) =>
        RunAsync(listName, addresses, (list, values) => NftListElements.Add(list.Id, values, time ?? list.Timeout), cancellationToken);

    private static void RefuseNone(AddressRange[] addresses)
    {
        if (addresses.Length is 0 or > MostAtOnce)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, addresses.Length == 0 ? "No address was given." : $"There are {addresses.Length} addresses; at most {MostAtOnce} are taken at once.", "addresses");
        }
    }

    private static string Words(AddressRange[] addresses) =>
        addresses.Length == 1 ? $"{addresses[0]} was" : $"{string.Join(", ", addresses.Take(5).Select(address => address.ToString()))}{(addresses.Length > 5 ? $" and {addresses.Length - 5} more" : string.Empty)} were";

    private FirewallAddressListsChanged Unchanged(FirewallAddressList list) =>
        new([list with { EntryCount = firewall.CountEntries(list.Id) }], new ChangeOutcome(Applied: true, configuration.Info.Generation, new ConfigurationPlan(configuration.Info.Generation, [], [])));

    private async Task RunAsync(string name, AddressRange[] addresses, Func<FirewallAddressList, ImmutableArray<Net.Firewall.AddressRange>, NftTransaction> write, CancellationToken cancellationToken)
    {
        foreach (AddressRange range in addresses)
        {
            if (!range.First.Equals(range.Last))
            {
                throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{range} is more than one address; a dynamic list holds single ones.", "addresses");
            }
        }

        await configuration.WithTurnAsync(
            async desired =>
            {
                FirewallAddressList list = Array.Find(desired.Firewall.AddressLists, one => one.Dynamic && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))
                    ?? throw new EngineException(ErrorCatalogue.FirewallItemNotFound, $"No dynamic address list is named '{name}'.", name);
                await firewall.RunElementsAsync(write(list, ModelValues.Addresses(addresses)), cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
