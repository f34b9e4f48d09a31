using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets connections the kernel tracks.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallConnection")]
[OutputType(typeof(FirewallConnection))]
public sealed class GetFirewallConnectionCommand : FirewallConnectionFilterCmdlet
{
    /// <summary>How many at most.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Limit { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteStream(EngineApi.FirewallListConnections, new ListFirewallConnections(Filter(), Limit), Address);
}
