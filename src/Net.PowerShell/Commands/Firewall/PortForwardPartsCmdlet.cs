using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a port forward.</summary>
public abstract class PortForwardPartsCmdlet : ItemPartsCmdlet<PortForward>
{
    /// <summary>The outer port or range.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public virtual string? Port { get; set; }

    /// <summary>The host behind.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    public virtual string? ToAddress { get; set; }

    /// <summary>Its port or range.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public string? ToPort { get; set; }

    /// <summary>TCP, UDP or SCTP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>Interfaces connections come in by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [AllowEmptyCollection]
    public string[]? InterfaceAlias { get; set; }

    /// <summary>The outer addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? Address { get; set; }

    /// <summary>Who may use it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? RemoteAddress { get; set; }

    /// <summary>Whether hosts of the inner side reach it by the outer address too.</summary>
    [Parameter]
    public SwitchParameter Hairpin { get; set; }

    /// <summary>What it is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }
}
