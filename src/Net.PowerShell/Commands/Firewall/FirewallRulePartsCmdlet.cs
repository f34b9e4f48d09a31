using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a firewall rule, by name or from properties of what the pipeline brings.</summary>
public abstract class FirewallRulePartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>What happens to a packet that matches.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual RuleAction? Action { get; set; }

    /// <summary>Which packets the rule looks at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleDirection? Direction { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>The versions of IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpFamily? Family { get; set; }

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

    /// <summary>Source ports of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? SourcePort { get; set; }

    /// <summary>Destination ports of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? DestinationPort { get; set; }

    /// <summary>Source addresses of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? SourceAddress { get; set; }

    /// <summary>Destination addresses of a Forward rule.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? DestinationAddress { get; set; }

    /// <summary>Interfaces packets come in by, or leave by for Outbound.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public string[]? InterfaceAlias { get; set; }

    /// <summary>Interfaces forwarded packets leave by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public string[]? OutInterfaceAlias { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The place in the order of all rules, from 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Position { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The parts given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects: a whole firewall rule from the pipeline says
    /// which firewall rule is meant, and must not count as if every one of its parts had been given.</param>
    private protected FirewallRulePatch Parts(bool typedOnly)
    {
        return new FirewallRulePatch
        {
            Action = Given(Action),
            Direction = Given(Direction),
            Protocol = Given(Protocol),
            Family = Given(Family),
            LocalPort = Given(LocalPort),
            RemotePort = Given(RemotePort),
            LocalAddress = Given(LocalAddress),
            RemoteAddress = Given(RemoteAddress),
            SourcePort = Given(SourcePort),
            DestinationPort = Given(DestinationPort),
            SourceAddress = Given(SourceAddress),
            DestinationAddress = Given(DestinationAddress),
            InterfaceAlias = Given(InterfaceAlias),
            OutInterfaceAlias = Given(OutInterfaceAlias),
            Description = Given(Description),
            Position = Given(Position),
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;
    }
}
