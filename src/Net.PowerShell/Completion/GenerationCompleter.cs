using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes numbers of kept generations.</summary>
public sealed class GenerationCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        GenerationInfo[] kept = await engine.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations(), cancellationToken);
        return kept.Select(generation => new Candidate(
            generation.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture),
            $"{generation.CreatedAt:u} by {generation.Author} {generation.Comment}".TrimEnd()));
    }
}
