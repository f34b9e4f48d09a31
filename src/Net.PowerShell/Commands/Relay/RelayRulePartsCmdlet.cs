using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a rule of the relay, by name or from properties of what the pipeline brings.
/// The engine checks ranges and what fits together.</summary>
public abstract class RelayRulePartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>The interface packets come in by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public virtual string? InterfaceAlias { get; set; }

    /// <summary>The destination of packets to relay.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MulticastGroupCompleter))]
    public virtual AddressRange? Group { get; set; }

    /// <summary>The source of packets to relay.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    [AllowEmptyString]
    public string? Source { get; set; }

    /// <summary>The destination port, or a range of ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    [AllowEmptyString]
    public string? Port { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RelayRuleProtocol? Protocol { get; set; }

    /// <summary>Who may inject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("AllowedSources")]
    [ListTransformation<AddressRange>]
    [AllowEmptyCollection]
    public AddressRange[]? AllowedSource { get; set; }

    /// <summary>Where packets leave.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Outputs")]
    [RelayOutputTransformation]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    public virtual RelayOutput[]? Output { get; set; }

    /// <summary>What moves the packets.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RelayEngine? Engine { get; set; }

    /// <summary>Count loss from sequence numbers in the payload.</summary>
    [Parameter]
    public SwitchParameter AnalyzeSequence { get; set; }

    /// <summary>What to do where two sources send the same stream.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RelayDuplicates? Duplicates { get; set; }

    /// <summary>The source that is relayed while it sends.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? PreferredSource { get; set; }

    /// <summary>Silence after which another source takes over.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? StandbyAfter { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The parts given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects: a whole rule from the pipeline says
    /// which rule is meant, and must not count as if every one of its parts had been given.</param>
    private protected RelayRulePatch Parts(bool typedOnly)
    {
        return new RelayRulePatch
        {
            InterfaceAlias = Given(InterfaceAlias),
            Group = Given(Group),
            Source = Given(Source),
            Port = Given(Port),
            Protocol = Given(Protocol),
            AllowedSources = Given(AllowedSource),
            Outputs = Given(Output),
            Engine = Given(Engine),
            AnalyzeSequence = _typed.Contains(nameof(AnalyzeSequence)) ? AnalyzeSequence.IsPresent : null,
            Duplicates = Given(Duplicates),
            PreferredSource = Given(PreferredSource),
            StandbyAfter = Given(StandbyAfter),
            Description = Given(Description),
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;
    }
}
