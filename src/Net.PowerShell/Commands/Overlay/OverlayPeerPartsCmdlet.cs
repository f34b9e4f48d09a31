using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a peer, by name or from properties of what the pipeline brings.</summary>
public abstract class OverlayPeerPartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>The peer's public key.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? PublicKey { get; set; }

    /// <summary>Where it may be reached.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Endpoints")]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Endpoint { get; set; }

    /// <summary>Its overlay addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Addresses")]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Address { get; set; }

    /// <summary>Prefixes it may own and advertise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Subnets")]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? Subnet { get; set; }

    /// <summary>Let it be used as exit node.</summary>
    [Parameter]
    public SwitchParameter IsExitNode { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The parts given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects.</param>
    private protected OverlayPeerPatch Parts(bool typedOnly)
    {
        return new OverlayPeerPatch
        {
            PublicKey = Given(PublicKey),
            Endpoints = Given(Endpoint),
            Addresses = Given(Address),
            Subnets = Given(Subnet),
            IsExitNode = _typed.Contains(nameof(IsExitNode)) ? IsExitNode.IsPresent : null,
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;
    }
}
