using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a policy rule, by name or from properties of what the pipeline brings.</summary>
public abstract class OverlayPolicyPartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>What the rule does.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public OverlayAction? Action { get; set; }

    /// <summary>Who opens the connection.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(OverlayEndCompleter))]
    [AllowEmptyCollection]
    public string[]? From { get; set; }

    /// <summary>Who is reached.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(OverlayEndCompleter))]
    [AllowEmptyCollection]
    public string[]? To { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>Destination ports.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<PortRange>]
    [AllowEmptyCollection]
    public PortRange[]? Port { get; set; }

    /// <summary>Days it holds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Days")]
    [AllowEmptyCollection]
    public DayOfWeek[]? Day { get; set; }

    /// <summary>When on those days it begins to hold.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public TimeOnly? StartTime { get; set; }

    /// <summary>When it ends to hold.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public TimeOnly? EndTime { get; set; }

    /// <summary>The zone of the times.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? TimeZone { get; set; }

    /// <summary>What the rule is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The place among the rules, from 1.</summary>
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
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects.</param>
    private protected OverlayPolicyPatch Parts(bool typedOnly)
    {
        return new OverlayPolicyPatch
        {
            Action = Given(Action),
            From = Given(From),
            To = Given(To),
            Protocol = Given(Protocol),
            Port = Given(Port),
            Days = Given(Day),
            StartTime = Given(StartTime),
            EndTime = Given(EndTime),
            TimeZone = Given(TimeZone),
            Description = Given(Description),
            Position = Position,
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;
    }
}
