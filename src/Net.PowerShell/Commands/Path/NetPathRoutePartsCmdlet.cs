using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of a route, by name or from properties of what the pipeline brings.
/// The engine checks ranges: a validation here would refuse the empty properties of a whole route.</summary>
public abstract class NetPathRoutePartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>The prefix the route leads to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual AddressRange? DestinationPrefix { get; set; }

    /// <summary>The next hop's address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? NextHop { get; set; }

    /// <summary>The interface the route leaves by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyString]
    public string? InterfaceAlias { get; set; }

    /// <summary>The metric, lower is preferred.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? RouteMetric { get; set; }

    /// <summary>The kernel's routing table.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Table { get; set; }

    /// <summary>What the route is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The parts given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects: a whole route from the pipeline says
    /// which route is meant, and must not count as if every one of its parts had been given.</param>
    private protected NetPathRoutePatch Parts(bool typedOnly)
    {
        return new NetPathRoutePatch
        {
            DestinationPrefix = Given(DestinationPrefix),
            NextHop = Given(NextHop),
            InterfaceAlias = Given(InterfaceAlias),
            RouteMetric = Given(RouteMetric),
            Table = Given(Table),
            Description = Given(Description),
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;
    }
}
