using System.Globalization;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Revokes membership certificates; members learn of it with the next contact. All certificates of one network are revoked together.</summary>
[Cmdlet(VerbsSecurity.Revoke, "OverlayCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OverlayCertificate))]
public sealed class RevokeOverlayCertificateCommand : EngineCmdlet
{
    private readonly List<(string Network, long Serial)> _wanted = [];

    /// <summary>The network.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>Numbers of certificates.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayCertificateCompleter))]
    public long[]? Serial { get; set; }

    /// <summary>Write the certificates.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (long serial in Serial!)
        {
            if (ShouldProcess(serial.ToString(CultureInfo.InvariantCulture), $"Revoke certificate of network {Network}"))
            {
                _wanted.Add((Network!, serial));
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, long> of in _wanted.GroupBy(one => one.Network, one => one.Serial, StringComparer.OrdinalIgnoreCase))
        {
            var request = new RevokeOverlayCertificates(of.Key, [.. of.Distinct()]);
            if (TryCall(EngineApi.OverlayRevokeCertificates, request, of.Count() == 1 ? of.First() : of.ToArray(), out OverlayCertificate[] revoked) && PassThru)
            {
                WriteObject(revoked, enumerateCollection: true);
            }
        }
    }
}
