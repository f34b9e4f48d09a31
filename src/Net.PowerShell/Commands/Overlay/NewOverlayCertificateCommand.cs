using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Issues membership certificates.</summary>
[Cmdlet(VerbsCommon.New, "OverlayCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayCertificate))]
public sealed class NewOverlayCertificateCommand : EngineCmdlet
{
    /// <summary>The network.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>The member's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The member's public key.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    /// <summary>The member's groups.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Groups")]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Group { get; set; }

    /// <summary>The member's overlay addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Addresses")]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Address { get; set; }

    /// <summary>Prefixes it may advertise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Subnets")]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? Subnet { get; set; }

    /// <summary>How long it holds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, $"Issue certificate of network {Network}"))
        {
            return;
        }

        var request = new IssueOverlayCertificate(Network!, PublicKey!, Name!, Some(Group), Some(Address), Some(Subnet), ValidFor);
        if (TryCall(EngineApi.OverlayIssueCertificate, request, Name, out OverlayCertificate certificate))
        {
            WriteObject(certificate);
        }
    }

    private static T[]? Some<T>(T[]? given) => given is { Length: > 0 } ? given : null;
}
