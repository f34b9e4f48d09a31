using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes routes of the configuration. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "NetPathRoute", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(NetPathRoute))]
public sealed class SetNetPathRouteCommand : NetPathRoutePartsCmdlet
{
    private readonly List<Wanted> _wanted = [];
    private readonly List<NetPathRoutePatch> _parts = [];

    /// <summary>Names of routes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(NetPathRouteNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The prefix it shall lead to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateNotNull]
    public AddressRange? DestinationPrefix { get; set; }

    /// <summary>Write the changed routes.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        NetPathRoutePatch parts = Parts with { DestinationPrefix = DestinationPrefix };
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
