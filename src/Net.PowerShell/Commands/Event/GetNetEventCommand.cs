using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets what happened in the engine, and with -Wait what happens from now on.</summary>
[Cmdlet(VerbsCommon.Get, "NetEvent")]
[OutputType(typeof(EngineEvent))]
public sealed class GetNetEventCommand : EngineCmdlet
{
    /// <summary>Ids of events.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EventIdCompleter))]
    [SupportsWildcards]
    public string[]? EventId { get; set; }

    /// <summary>Parts of the engine.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EventAreaCompleter))]
    public string[]? Area { get; set; }

    /// <summary>The least severity.</summary>
    [Parameter]
    public EventSeverity MinimumSeverity { get; set; }

    /// <summary>Only events after this time.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>At most so many, the newest.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Newest { get; set; }

    /// <summary>Go on with events as they happen.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Run(
        async (engine, poster, token) =>
        {
            var reader = new EventReader(new ListEvents(Area, EventId, Since, Newest), Wait);
            await foreach (EngineEvent one in reader.ReadAsync(engine, token))
            {
                if (one.Severity >= MinimumSeverity)
                {
                    await poster.PostAsync(() => WriteObject(one));
                }
            }
        },
        EventId);
}
