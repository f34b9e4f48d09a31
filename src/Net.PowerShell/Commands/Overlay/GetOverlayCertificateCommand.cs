using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets membership certificates that were issued here.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayCertificate", DefaultParameterSetName = ByName)]
[OutputType(typeof(OverlayCertificate))]
public sealed class GetOverlayCertificateCommand : NamedItemCmdlet<OverlayCertificate>
{
    private const string ByName = "Name";
    private const string ByNetwork = "InputObject";

    private string _network = "*";

    /// <summary>The network.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [SupportsWildcards]
    public string Network { get; set; } = "*";

    /// <summary>Networks from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByNetwork)]
    [WholeObject<OverlayNetwork>]
    public OverlayNetwork[]? InputObject { get; set; }

    /// <summary>Names or node ids of members.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(Position = 1, ParameterSetName = ByNetwork)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only those that are revoked.</summary>
    [Parameter]
    public SwitchParameter RevokedOnly { get; set; }

    private protected override ItemKind<OverlayCertificate> Kind => OverlayKinds.Certificates(_network);

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string network in InputObject is null ? [Network] : InputObject.Select(one => one.Name))
        {
            _network = network;
            WriteNamed(Name, certificate => !RevokedOnly || certificate.IsRevoked);
        }
    }
}
