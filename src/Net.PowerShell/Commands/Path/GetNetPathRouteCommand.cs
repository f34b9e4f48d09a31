using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets the routes of the configuration, with what the kernel has of them.</summary>
[Cmdlet(VerbsCommon.Get, "NetPathRoute")]
[OutputType(typeof(NetPathRoute))]
public sealed class GetNetPathRouteCommand : NamedItemCmdlet<NetPathRoute>
{
    /// <summary>Names of routes.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NetPathRouteNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<NetPathRoute> Kind => ItemKinds.PathRoute;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
