using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets the ways packets can leave this host, with what is measured of them.</summary>
[Cmdlet(VerbsCommon.Get, "NetPath")]
[OutputType(typeof(NetPath))]
public sealed class GetNetPathCommand : NamedItemCmdlet<NetPath>
{
    /// <summary>Ids of paths, or names of interfaces.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PathId", "InterfaceAlias")]
    [ArgumentCompleter(typeof(NetPathNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only paths in these states.</summary>
    [Parameter]
    public PathState[]? State { get; set; }

    /// <summary>Only paths in use.</summary>
    [Parameter]
    public SwitchParameter SelectedOnly { get; set; }

    private protected override ItemKind<NetPath> Kind => ItemKinds.Path;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(
        Name,
        path => (State is null || State.Contains(path.State)) && (!SelectedOnly || path.IsSelected));
}
