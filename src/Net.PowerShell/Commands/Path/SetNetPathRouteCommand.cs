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

    private readonly List<Wanted> _wanted = [];
    private readonly List<NetPathRoutePatch> _parts = [];

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
    protected override void ProcessRecord()
    {
        NetPathRoutePatch parts = Parts(typedOnly: InputObject is not null);
        if (_parts.Count == 0 || _parts[^1] != parts)
        {
            _parts.Add(parts);
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(InputObject is null
            ? Name!.Select(name => new Wanted(name, Part: part))
            : InputObject.Select(route => ItemKinds.PathRoute.Exactly(route, part)));
    }

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(ItemKinds.PathRoute, _wanted, "Change route", SendAsync, PassThru);

    private async Task<(NetPathRoute[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        PathRoutesChanged changed = await Edit.CommitAsync(
            ItemKinds.PathRoute,
            agreed,
            (route, part) => _parts[part].ApplyTo(route),
            Change,
            (routes, guarded, token) => engine.CallAsync(EngineApi.PathsSetRoutes, new SetPathRoutes(routes, guarded), token),
            engine,
            cancellationToken);
        return (changed.Routes, changed.Outcome);
    }
}
