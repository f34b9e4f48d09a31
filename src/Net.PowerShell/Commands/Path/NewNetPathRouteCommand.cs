using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Adds routes to the configuration. All routes of one pipeline are added in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "NetPathRoute", SupportsShouldProcess = true)]
[OutputType(typeof(NetPathRoute))]
public sealed class NewNetPathRouteCommand : NetPathRoutePartsCmdlet
{
    private readonly List<NetPathRoute> _routes = [];

    /// <summary>The name of the route.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The prefix it leads to.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public override AddressRange? DestinationPrefix { get; set; }

    /// <summary>Routes from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<NetPathRoute>]
    public NetPathRoute[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        NetPathRoutePatch parts = Parts(typedOnly: false) with { Name = Name };
        foreach (NetPathRoute route in InputObject is null ? [parts.ToRoute(DestinationPrefix!)] : InputObject.Select(parts.ApplyTo))
        {
            if (Agree(route.Name, $"Add route to {route.DestinationPrefix}"))
            {
                _routes.Add(route);
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_routes.Count == 0)
        {
            return;
        }

        Transact(
            async (engine, token) =>
            {
                PathRoutesChanged changed = await engine.CallAsync(
                    EngineApi.PathsCreateRoutes, new CreatePathRoutes([.. _routes], Change), token);
                return (changed.Routes, changed.Outcome);
            },
            _routes.Count == 1 ? _routes[0].Name : _routes.Select(route => route.Name).ToArray(),
            passThru: true);
    }
}
