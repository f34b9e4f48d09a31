using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes routes from the configuration and the kernel, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "NetPathRoute", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(NetPathRoute))]
public sealed class RemoveNetPathRouteCommand : ChangeCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";
    private readonly List<Wanted> _wanted = [];

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

    /// <summary>Write the routes as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(InputObject is null
        ? Name!.Select(name => new Wanted(name))
        : InputObject.Select(route => ItemKinds.PathRoute.Exactly(route)));

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(
        ItemKinds.PathRoute,
        _wanted,
        "Remove route",
        async (agreed, engine, token) =>
        {
            var request = new RemovePathRoutes([.. agreed.Select(one => one.Name)], Change);
            PathRoutesChanged changed = await engine.CallAsync(EngineApi.PathsRemoveRoutes, request, token);
            return (changed.Routes, changed.Outcome);
        },
        PassThru);
}
