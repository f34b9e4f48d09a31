using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes addresses of groups: those rules name, and those somebody on a link wants.</summary>
public sealed class MulticastGroupCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        MulticastGroup[] groups = await engine.CallAsync(EngineApi.RelayListGroups, new ListMulticastGroups(), cancellationToken);
        return groups.GroupBy(group => group.Group, StringComparer.Ordinal).Select(same => new Candidate(
            same.Key, string.Join(", ", same.Select(group => $"{group.Role} at {group.InterfaceAlias}").Distinct())));
    }
}
