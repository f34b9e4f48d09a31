using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets what holds for all rules of the multicast relay, with the state of its queriers.</summary>
[Cmdlet(VerbsCommon.Get, "RelaySetting")]
[OutputType(typeof(RelaySettings))]
public sealed class GetRelaySettingCommand : EngineCmdlet
{
    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (TryCall(EngineApi.RelayGetSettings, new GetRelaySettings(), null, out RelaySettings settings))
        {
            WriteObject(settings);
        }
    }
}
