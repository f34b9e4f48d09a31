using System.Globalization;
using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Ends tracked connections: their next packet counts as the first of a new one, which the rules of now decide about.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallConnection", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallConnectionsRemoved))]
public sealed class RemoveFirewallConnectionCommand : FirewallConnectionFilterCmdlet
{
    /// <summary>The kernel's number of one connection.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? Id { get; set; }

    /// <summary>Write how many were ended.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Filter(Id) is not { } filter)
        {
            Fail(new EngineException(ErrorCatalogue.ArgumentInvalid, "Say which connections: at least one condition is needed."), null);
            return;
        }

        string target = Id is { } id ? id.ToString(CultureInfo.InvariantCulture) : Words(filter);
        if (!ShouldProcess(target, "End tracked connections")
            || !TryCall(EngineApi.FirewallRemoveConnections, new RemoveFirewallConnections(filter), target, out FirewallConnectionsRemoved removed))
        {
            return;
        }

        if (removed.Warning is { } warning)
        {
            WriteWarning(warning);
        }

        if (PassThru)
        {
            WriteObject(removed);
        }
    }

    private static string Words(FirewallConnectionFilter filter)
    {
        (string Name, object? Value)[] all =
        [
            ("address", filter.Address), ("protocol", filter.Protocol), ("source", filter.SourceAddress), ("source port", filter.SourcePort),
            ("destination", filter.DestinationAddress), ("destination port", filter.DestinationPort), ("state", filter.State),
        ];
        return string.Join(", ", all.Where(part => part.Value is not null).Select(part => $"{part.Name} {part.Value}"));
    }
}
