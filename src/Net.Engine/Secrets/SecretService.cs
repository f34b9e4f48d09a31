using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;

namespace Net.Engine.Secrets;

/// <summary>Serves the secrets' part of the API.</summary>
internal sealed class SecretService(SecretStore store, ConfigurationManager configuration, EventLog events)
{
    /// <summary>Stores a secret.</summary>
    public void Set(Actor actor, SetSecret request)
    {
        store.Write(request.Name, request.Value);
        events.Publish("SecretStored", "access", EventSeverity.Information, $"Secret '{request.Name}' was stored.", request.Name, actor.Name);
    }

    /// <summary>Lists secrets.</summary>
    public SecretInfo[] List() =>
        [.. store.List().Select(secret => new SecretInfo(secret.Name, secret.ChangedAt, UsersOf(secret.Name)))];

    /// <summary>Removes a secret that nothing refers to.</summary>
    public async Task<Done> RemoveAsync(Actor actor, RemoveSecret request, CancellationToken cancellationToken)
    {
        string name = request.Name;
        await configuration.WithTurnAsync(_ =>
        {
            // No change may begin to refer to it between the look and the removal.
            if (UsersOf(name) is [string user, ..])
            {
                throw new EngineException(ErrorCatalogue.SecretInUse, $"Secret '{name}' is used by {user}.", name);
            }

            store.Remove(name);
            return Task.FromResult(true);
        }, cancellationToken).ConfigureAwait(false);
        events.Publish("SecretRemoved", "access", EventSeverity.Information, $"Secret '{name}' was removed.", name, actor.Name);
        return new Done();
    }

    // A change that waits for its confirmation may be rolled back to a document that still refers to the secret.
    private string[] UsersOf(string name) =>
        configuration.Document.Metrics.BearerToken == SecretStore.ReferencePrefix + name
            || configuration.DocumentBeforeUnconfirmed?.Metrics.BearerToken == SecretStore.ReferencePrefix + name
            ? ["metrics.bearerToken"]
            : [];
}
