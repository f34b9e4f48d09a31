using System.Management.Automation;
using Net.Client;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Gets groups this host joined for rules of the multicast relay, and groups somebody on a link wants to receive.</summary>
[Cmdlet(VerbsCommon.Get, "MulticastGroup")]
[OutputType(typeof(MulticastGroup))]
public sealed class GetMulticastGroupCommand : EngineCmdlet
{
    /// <summary>Addresses of groups.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(MulticastGroupCompleter))]
    [SupportsWildcards]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Names of interfaces.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    public string[] InterfaceAlias { get; set; } = ["*"];

    /// <summary>Only groups that are known for this reason.</summary>
    [Parameter]
    public MulticastGroupRole? Role { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string[]? interfaces = InterfaceAlias.Contains("*") ? null : InterfaceAlias;
        if (!TryCall(EngineApi.RelayListGroups, new ListMulticastGroups(interfaces, Role), InterfaceAlias, out MulticastGroup[] groups))
        {
            return;
        }

        NamePattern[] patterns = [.. Group.Select(group => new NamePattern(group))];
        WriteObject(groups.Where(group => patterns.Any(pattern => pattern.Matches(group.Group))), enumerateCollection: true);
    }
}
