using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a NAT rule.</summary>
public abstract class NatRulePartsCmdlet : ItemPartsCmdlet<NatRule>
{
    /// <summary>What the rule does.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual NatKind? Kind { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>The versions of IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpFamily? Family { get; set; }

    /// <summary>Source addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? SourceAddress { get; set; }

    /// <summary>Destination addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? DestinationAddress { get; set; }

    /// <summary>Source ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? SourcePort { get; set; }

    /// <summary>Destination ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? DestinationPort { get; set; }

    /// <summary>Interfaces packets come in by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [AllowEmptyCollection]
    public string[]? InterfaceAlias { get; set; }

    /// <summary>Interfaces packets leave by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [AllowEmptyCollection]
    public string[]? OutInterfaceAlias { get; set; }

    /// <summary>The new address, or range of addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    public string? ToAddress { get; set; }

    /// <summary>The new port or range.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public string? ToPort { get; set; }

    /// <summary>Whether source ports are chosen at random.</summary>
    [Parameter]
    public SwitchParameter RandomPort { get; set; }

    /// <summary>Whether a source always gets the same of several addresses.</summary>
    [Parameter]
    public SwitchParameter Persistent { get; set; }

    /// <summary>Whether packets this host sends itself are translated as well.</summary>
    [Parameter]
    public SwitchParameter IncludeOwnPackets { get; set; }

    /// <summary>The place in the order, from 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Position { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }
}
