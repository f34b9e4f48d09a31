using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of an address list.</summary>
public abstract class FirewallAddressListPartsCmdlet : ItemPartsCmdlet<FirewallAddressList>
{
    /// <summary>Addresses, prefixes and ranges.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? Address { get; set; }

    /// <summary>Other address lists that are part of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyCollection]
    public string[]? List { get; set; }

    /// <summary>A file with one address, prefix or range a line.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? File { get; set; }

    /// <summary>Host names whose addresses are part of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? HostName { get; set; }

    /// <summary>Countries whose networks are part of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Country { get; set; }

    /// <summary>The local database of countries.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? CountryFile { get; set; }

    /// <summary>Time between two resolutions of host names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? RefreshInterval { get; set; }

    /// <summary>Whether rules put addresses into it.</summary>
    [Parameter]
    public SwitchParameter Dynamic { get; set; }

    /// <summary>How long an address stays in a dynamic list.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Addresses of each IP version a dynamic list holds at most.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? MaxEntries { get; set; }

    /// <summary>What the list is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }
}
