using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets the firewall as a whole: rules in force, connections by state, drops, and who sends and receives most.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallStatistic")]
[OutputType(typeof(FirewallStatistic))]
public sealed class GetFirewallStatisticCommand : EngineCmdlet
{
    /// <summary>Hosts to give that carried most.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int Talkers { get; set; } = 10;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (TryCall(EngineApi.FirewallGetStatistic, new GetFirewallStatistic(Talkers), target: null, out FirewallStatistic statistic))
        {
            WriteObject(statistic);
        }
    }
}
