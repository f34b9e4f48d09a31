using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of secrets.</summary>
public sealed class SecretNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        SecretInfo[] secrets = await engine.CallAsync(EngineApi.SecretsList, new ListSecrets(), cancellationToken);
        return secrets.Select(secret => new Candidate(secret.Name, $"Stored {secret.ChangedAt:u}, used by {secret.UsedBy.Length} settings"));
    }
}
