using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes identities that no overlay uses. Their keys are gone.</summary>
[Cmdlet(VerbsCommon.Remove, "OverlayIdentity", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveOverlayIdentityCommand : NamedItemCmdlet<OverlayIdentity>
{
    /// <summary>Names of identities.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayIdentityNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    private protected override ItemKind<OverlayIdentity> Kind => OverlayKinds.Identity;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (OverlayIdentity item in Find([.. Name!.Select(name => new Wanted(name))]))
        {
            if (ShouldProcess(item.Name, "Remove identity and its key"))
            {
                TryCall(EngineApi.OverlayRemoveIdentity, new RemoveOverlayIdentity(item.Name), item.Name, out Done _);
            }
        }
    }
}
