using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a port list.</summary>
public abstract class FirewallPortListPartsCmdlet : ItemPartsCmdlet<FirewallPortList>
{
    /// <summary>Ports and ranges.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? Port { get; set; }

    /// <summary>Other port lists that are part of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallPortList>))]
    [AllowEmptyCollection]
    public string[]? List { get; set; }

    /// <summary>What the list is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }
}
