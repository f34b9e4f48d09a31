using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that put addresses into address lists and take them out: all of one pipeline and list in one step.</summary>
public abstract class FirewallAddressCmdlet : ChangeCmdlet
{
    private readonly List<(string List, AddressRange Address)> _addresses = [];

    /// <summary>The address list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("List")]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Addresses, prefixes and ranges.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("SourceAddress")]
    [ListTransformation<AddressRange>]
    [ValidateNotNullOrEmpty]
    public AddressRange[]? Address { get; set; }

    private protected abstract string ActionText { get; }

    private protected abstract bool WritesLists { get; }

    /// <inheritdoc />
    protected override void ProcessRecord() =>
        _addresses.AddRange(Address!.Where(address => Agree(address.ToString(), $"{ActionText} {Name}")).Select(address => (Name!, address)));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, AddressRange> of in _addresses.GroupBy(one => one.List, one => one.Address, StringComparer.OrdinalIgnoreCase))
        {
            Transact(
                async (engine, token) =>
                {
                    FirewallAddressListsChanged changed = await SendAsync(of.Key, [.. of.Distinct()], engine, token);
                    return (changed.Lists, changed.Outcome);
                },
                of.Key,
                WritesLists);
        }
    }

    private protected abstract Task<FirewallAddressListsChanged> SendAsync(string list, AddressRange[] addresses, IEngineCaller engine, CancellationToken cancellationToken);
}
