using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets networks whose signing key this engine holds.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayNetwork")]
[OutputType(typeof(OverlayNetwork))]
public sealed class GetOverlayNetworkCommand : NamedItemCmdlet<OverlayNetwork>
{
    /// <summary>Names or public keys of networks.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<OverlayNetwork> Kind => OverlayKinds.Network;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
