using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a firewall rule. Parts bind by property name unless whole rules come in:
/// a rule from the pipeline must not count as if every one of its parts had been given.</summary>
public abstract class FirewallRulePartsCmdlet : ChangeCmdlet
{
    private protected const string ByName = "Name";
    private protected const string ByObject = "InputObject";

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public FirewallRule[]? InputObject { get; set; }

    /// <summary>Which packets the rule looks at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    public RuleDirection? Direction { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>The versions of IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    public IpFamily? Family { get; set; }

    /// <summary>This host's ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<PortRange>]
    [ArgumentCompleter(typeof(LocalPortCompleter))]
    [AllowEmptyCollection]
    public PortRange[]? LocalPort { get; set; }

    /// <summary>The other host's ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? RemotePort { get; set; }

    /// <summary>This host's addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? LocalAddress { get; set; }

    /// <summary>The other host's addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? RemoteAddress { get; set; }

    /// <summary>Source ports of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? SourcePort { get; set; }

    /// <summary>Destination ports of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? DestinationPort { get; set; }

    /// <summary>Source addresses of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? SourceAddress { get; set; }

    /// <summary>Destination addresses of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? DestinationAddress { get; set; }

    /// <summary>Interfaces packets come in by, or leave by for Outbound.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public string[]? InterfaceAlias { get; set; }

    /// <summary>Interfaces forwarded packets leave by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public string[]? OutInterfaceAlias { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The place in the order of all rules, from 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Position { get; set; }

    /// <summary>The parts given to this command.</summary>
    private protected FirewallRulePatch Parts => new()
    {
        Direction = Direction,
        Protocol = Protocol,
        Family = Family,
        LocalPort = LocalPort,
        RemotePort = RemotePort,
        LocalAddress = LocalAddress,
        RemoteAddress = RemoteAddress,
        SourcePort = SourcePort,
        DestinationPort = DestinationPort,
        SourceAddress = SourceAddress,
        DestinationAddress = DestinationAddress,
        InterfaceAlias = InterfaceAlias,
        OutInterfaceAlias = OutInterfaceAlias,
        Description = Description,
        Position = Position,
    };
}
