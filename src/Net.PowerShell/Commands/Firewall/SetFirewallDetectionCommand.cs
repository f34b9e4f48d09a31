using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Changes the thresholds beyond which the engine tells of a source, and bans it. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallDetection", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallDetection))]
public sealed class SetFirewallDetectionCommand : SetSettingsCmdlet<FirewallDetection>
{
    /// <summary>Whether anything is looked for.</summary>
    [Parameter]
    public SwitchParameter Enabled { get; set; }

    /// <summary>The time the thresholds count in.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Window { get; set; }

    /// <summary>Ports one source tries and is refused.</summary>
    [Parameter]
    public int? ScanPorts { get; set; }

    /// <summary>New connections of one source to a login port.</summary>
    [Parameter]
    public int? LoginAttempts { get; set; }

    /// <summary>Ports where people log in.</summary>
    [Parameter]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? LoginPort { get; set; }

    /// <summary>New connections of one source.</summary>
    [Parameter]
    public int? FloodConnections { get; set; }

    /// <summary>The dynamic address list a source is put into.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyString]
    public string? BanList { get; set; }

    /// <summary>How long it stays there.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? BanTime { get; set; }

    /// <summary>Sources that are never banned.</summary>
    [Parameter]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? NeverBan { get; set; }
}
