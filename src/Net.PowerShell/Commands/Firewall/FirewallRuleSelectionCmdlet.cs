using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to firewall rules which exist.</summary>
public abstract class FirewallRuleSelectionCmdlet : ChangeCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly List<Wanted> _wanted = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    [WholeObject<FirewallRule>]
    public FirewallRule[]? InputObject { get; set; }

    /// <summary>Write the rules.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done to each, as the question of -Confirm says it.</summary>
    private protected abstract string ActionText { get; }

    private protected abstract Task<(FirewallRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken);

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(InputObject is null
        ? Name!.Select(name => new Wanted(name))
        : InputObject.Select(rule => ItemKinds.FirewallRuleToChange.Exactly(rule)));

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(ItemKinds.FirewallRuleToChange, _wanted, ActionText, SendAsync, PassThru);
}
