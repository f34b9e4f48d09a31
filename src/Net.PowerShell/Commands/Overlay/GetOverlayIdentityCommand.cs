using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets node keys of this engine, public halves only.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayIdentity")]
[OutputType(typeof(OverlayIdentity))]
public sealed class GetOverlayIdentityCommand : NamedItemCmdlet<OverlayIdentity>
{
    /// <summary>Names or node ids of identities.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayIdentityNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<OverlayIdentity> Kind => OverlayKinds.Identity;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
