using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ids of paths and names of their interfaces.</summary>
public sealed class NetPathNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        NetPath[] paths = await engine.CallAsync(EngineApi.PathsList, new ListPaths(), cancellationToken);
        return paths.SelectMany(path => new[]
        {
            new Candidate(path.PathId, $"{path.Kind} by {path.InterfaceAlias}, {path.State}: {path.StateReason}"),
            new Candidate(path.InterfaceAlias, $"Every path by {path.InterfaceAlias} ({path.LinkKind})"),
        });
    }
}
