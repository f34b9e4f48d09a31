using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take what rules and NAT rules both ask of a packet.</summary>
/// <typeparam name="T">The record of the rule.</typeparam>
public abstract class PacketMatchCmdlet<T> : ItemPartsCmdlet<T>
    where T : class
{
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

    /// <summary>Interfaces packets come in by, or leave by where a rule is for those this host sends.</summary>
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
}
