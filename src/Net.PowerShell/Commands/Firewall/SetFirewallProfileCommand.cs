using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Changes what holds before and after all rules of the firewall. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallProfile", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallProfile))]
public sealed class SetFirewallProfileCommand : SetSettingsCmdlet<FirewallProfile>
{
    /// <summary>Whether it is in force.</summary>
    [Parameter]
    public SwitchParameter Enabled { get; set; }

    /// <summary>What happens to packets to this host that nothing decides.</summary>
    [Parameter]
    public RuleAction? Inbound { get; set; }

    /// <summary>What happens to packets of this host that nothing decides.</summary>
    [Parameter]
    public RuleAction? Outbound { get; set; }

    /// <summary>What happens to forwarded packets that nothing decides.</summary>
    [Parameter]
    public RuleAction? Forward { get; set; }

    /// <summary>Whether neighbour discovery and ICMP errors always pass.</summary>
    [Parameter]
    public SwitchParameter AllowEssentialIcmp { get; set; }

    /// <summary>Whether answers to this host's own DHCP requests pass.</summary>
    [Parameter]
    public SwitchParameter AllowDhcpClient { get; set; }

    /// <summary>Whether packets that fit no connection and begin none are blocked.</summary>
    [Parameter]
    public SwitchParameter BlockInvalid { get; set; }

    /// <summary>Whether packets whose source is not behind the interface they came in by are blocked.</summary>
    [Parameter]
    public SwitchParameter AntiSpoofing { get; set; }

    /// <summary>SYN packets a second each source may send to this host.</summary>
    [Parameter]
    public int? SynFloodLimit { get; set; }

    /// <summary>Whether what no rule decides and is blocked is logged.</summary>
    [Parameter]
    public SwitchParameter LogBlocked { get; set; }

    /// <summary>Whether TCP connections that stand when the profile is enabled go on.</summary>
    [Parameter]
    public SwitchParameter KeepSessions { get; set; }

    /// <summary>Whether packets and bytes of each connection are counted.</summary>
    [Parameter]
    public SwitchParameter ConnectionAccounting { get; set; }
}
