using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a zone.</summary>
public abstract class FirewallZonePartsCmdlet : ItemPartsCmdlet<FirewallZone>
{
    /// <summary>Its interfaces.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [AllowEmptyCollection]
    public string[]? InterfaceAlias { get; set; }

    /// <summary>What happens to packets to this host from the zone that no rule decides.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleAction? Inbound { get; set; }

    /// <summary>What happens to packets of this host into the zone that no rule decides.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleAction? Outbound { get; set; }

    /// <summary>What happens to packets forwarded from the zone that no rule decides.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleAction? Forward { get; set; }

    /// <summary>Zones that may be reached from this one by forwarding.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallZone>))]
    [AllowEmptyCollection]
    public string[]? ForwardTo { get; set; }

    /// <summary>Whether packets from addresses that are not of the public Internet are blocked.</summary>
    [Parameter]
    public SwitchParameter BlockBogons { get; set; }

    /// <summary>Whether what leaves into the zone from others takes this host's address there.</summary>
    [Parameter]
    public SwitchParameter Masquerade { get; set; }

    /// <summary>What the zone is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }
}
