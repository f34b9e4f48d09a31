using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes signing keys of networks from this engine. Members stay members until their certificates expire.</summary>
[Cmdlet(VerbsCommon.Remove, "OverlayNetwork", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveOverlayNetworkCommand : NamedItemCmdlet<OverlayNetwork>
{
    /// <summary>Names of networks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    private protected override ItemKind<OverlayNetwork> Kind => OverlayKinds.Network;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (OverlayNetwork item in Find([.. Name!.Select(name => new Wanted(name))]))
        {
            if (ShouldProcess(item.Name, "Remove the network's signing key from this engine"))
            {
                TryCall(EngineApi.OverlayRemoveNetwork, new RemoveOverlayNetwork(item.Name), item.Name, out Done _);
            }
        }
    }
}
