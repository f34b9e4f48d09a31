using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a NAT rule.</summary>
public abstract class NatRulePartsCmdlet : PacketMatchCmdlet<NatRule>
{
    /// <summary>What the rule does.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual NatKind? Kind { get; set; }

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
