using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Errors;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a firewall rule. What is common stands here, what is seldom needed in <see cref="FirewallRuleDetailsCmdlet"/>.</summary>
public abstract class FirewallRulePartsCmdlet : FirewallRuleDetailsCmdlet
{
    /// <summary>What happens to a packet that matches.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual RuleAction? Action { get; set; }

    /// <summary>Which packets the rule looks at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleDirection? Direction { get; set; }

    /// <summary>This host's ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [ArgumentCompleter(typeof(LocalPortCompleter))]
    [AllowEmptyCollection]
    public PortRange[]? LocalPort { get; set; }

    /// <summary>The other host's ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? RemotePort { get; set; }

    /// <summary>This host's addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? LocalAddress { get; set; }

    /// <summary>The other host's addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? RemoteAddress { get; set; }

    /// <summary>The zone packets come in from, or leave into for Outbound.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallZone>))]
    [AllowEmptyString]
    public string? Zone { get; set; }

    /// <summary>The zone forwarded packets leave into.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallZone>))]
    [AllowEmptyString]
    public string? OutZone { get; set; }

    /// <summary>Address lists for this host's address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyCollection]
    public string[]? LocalAddressList { get; set; }

    /// <summary>Address lists for the other host's address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyCollection]
    public string[]? RemoteAddressList { get; set; }

    /// <summary>Address lists for the source of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyCollection]
    public string[]? SourceAddressList { get; set; }

    /// <summary>Address lists for the destination of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyCollection]
    public string[]? DestinationAddressList { get; set; }

    /// <summary>Port lists for this host's port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallPortList>))]
    [AllowEmptyCollection]
    public string[]? LocalPortList { get; set; }

    /// <summary>Port lists for the other host's port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallPortList>))]
    [AllowEmptyCollection]
    public string[]? RemotePortList { get; set; }

    /// <summary>Port lists for the source of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallPortList>))]
    [AllowEmptyCollection]
    public string[]? SourcePortList { get; set; }

    /// <summary>Port lists for the destination of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallPortList>))]
    [AllowEmptyCollection]
    public string[]? DestinationPortList { get; set; }

    /// <summary>The group the rule is enabled and disabled with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallGroupCompleter))]
    [AllowEmptyString]
    public string? Group { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The place in the order of all rules, from 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Position { get; set; }

    /// <summary>The rule it goes before.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallRule>))]
    [ValidateNotNullOrEmpty]
    public string? Before { get; set; }

    /// <summary>The rule it goes behind.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallRule>))]
    [ValidateNotNullOrEmpty]
    public string? After { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (new[] { nameof(Position), nameof(Before), nameof(After) }.Count(IsTyped) > 1)
        {
            ThrowTerminatingError(ErrorRecords.From(new EngineException(ErrorCatalogue.ArgumentInvalid, "A rule has one place: give -Position, -Before or -After.", nameof(Position)), Position));
        }
    }
}
