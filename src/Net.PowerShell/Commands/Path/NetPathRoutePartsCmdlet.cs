using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a route. Parts bind by property name unless whole routes come in.</summary>
public abstract class NetPathRoutePartsCmdlet : ChangeCmdlet
{
    private protected const string ByName = "Name";
    private protected const string ByObject = "InputObject";

    /// <summary>Routes from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public NetPathRoute[]? InputObject { get; set; }

    /// <summary>The next hop's address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [AllowEmptyString]
    public string? NextHop { get; set; }

    /// <summary>The interface the route leaves by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyString]
    public string? InterfaceAlias { get; set; }

    /// <summary>The metric, lower is preferred.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateRange(0L, (long)uint.MaxValue)]
    public long? RouteMetric { get; set; }

    /// <summary>The kernel's routing table.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateRange(1, int.MaxValue)]
    public int? Table { get; set; }

    /// <summary>What the route is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The parts given to this command.</summary>
    private protected NetPathRoutePatch Parts => new()
    {
        NextHop = NextHop,
        InterfaceAlias = InterfaceAlias,
        RouteMetric = RouteMetric,
        Table = Table,
        Description = Description,
    };
}
