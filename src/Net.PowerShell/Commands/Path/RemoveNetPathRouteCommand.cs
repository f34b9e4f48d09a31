using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes routes from the configuration and the kernel, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "NetPathRoute", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(NetPathRoute))]
public sealed class RemoveNetPathRouteCommand : SelectionCmdlet<NetPathRoute>
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of routes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(NetPathRouteNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Routes from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    [WholeObject<NetPathRoute>]
    public NetPathRoute[]? InputObject { get; set; }

    private protected override ItemKind<NetPathRoute> Kind => ItemKinds.PathRoute;

    private protected override string ActionText => "Remove route";

    /// <inheritdoc />
    protected override void ProcessRecord() => Want(Name, InputObject);

    private protected override async Task<(NetPathRoute[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var request = new RemovePathRoutes([.. agreed.Select(one => one.Name)], Change);
        PathRoutesChanged changed = await engine.CallAsync(EngineApi.PathsRemoveRoutes, request, cancellationToken);
        return (changed.Routes, changed.Outcome);
    }
}
