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
    public void Remove(Actor actor, string name)
    {
        if (UsersOf(name) is [string user, ..])
        {
            throw new EngineException(ErrorCatalogue.SecretInUse, $"Secret '{name}' is used by {user}.", name);
        }

        store.Remove(name);
        events.Publish("SecretRemoved", "access", EventSeverity.Information, $"Secret '{name}' was removed.", name, actor.Name);
    }

    private string[] UsersOf(string name) =>
        configuration.Document.Metrics.BearerToken == SecretStore.ReferencePrefix + name ? ["metrics.bearerToken"] : [];
}
