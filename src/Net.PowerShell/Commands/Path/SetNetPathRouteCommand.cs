using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes routes of the configuration. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "NetPathRoute", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(NetPathRoute))]
public sealed class SetNetPathRouteCommand : NetPathRoutePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly Patches<NetPathRoute, NetPathRoutePatch> _patches = new(ItemKinds.PathRoute, (parts, item) => parts.ApplyTo(item));

    /// <summary>Names of routes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(NetPathRouteNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Routes from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<NetPathRoute>]
    public NetPathRoute[]? InputObject { get; set; }

    /// <summary>Write the changed routes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _patches.Add(Parts(typedOnly: InputObject is not null), Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(ItemKinds.PathRoute, _patches.Wanted, "Change route", SendAsync, PassThru);

    private async Task<(NetPathRoute[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        PathRoutesChanged changed = await Edit.CommitAsync(
            ItemKinds.PathRoute,
            agreed,
            _patches.Apply,
            Change,
            (routes, guarded, token) => engine.CallAsync(EngineApi.PathsSetRoutes, new SetPathRoutes(routes, guarded), token),
            engine,
            cancellationToken);
        return (changed.Routes, changed.Outcome);
    }
}
