using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Rotates identities: each gets a new key, and its overlay address stays.</summary>
[Cmdlet(VerbsData.Update, "OverlayIdentity", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayIdentity))]
public sealed class UpdateOverlayIdentityCommand : NamedItemCmdlet<OverlayIdentity>
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
        foreach (OverlayIdentity identity in Find([.. Name!.Select(name => new Wanted(name))]))
        {
            if (ShouldProcess(identity.Name, "Give identity a new key")
                && TryCall(EngineApi.OverlayRotateIdentity, new RotateOverlayIdentity(identity.Name), identity.Name, out OverlayIdentity rotated))
            {
                WriteObject(rotated);
            }
        }
    }
}
