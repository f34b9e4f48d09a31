using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Streams paths as they are now and as they change, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "NetPath")]
[OutputType(typeof(PathChange))]
public sealed class WatchNetPathCommand : WatchCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>Ids of paths, or names of interfaces.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PathId", "InterfaceAlias")]
    [ArgumentCompleter(typeof(NetPathNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Leave out changes of measured values alone.</summary>
    [Parameter]
    public SwitchParameter StateOnly { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc />
    protected override void EndProcessing() =>
        Watch(EngineApi.PathsWatch, new WatchPaths([.. _names.Distinct(StringComparer.OrdinalIgnoreCase)], StateOnly), Name);
}
