using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Access;
using Net.Engine.Secrets;

namespace Net.Engine.Configuration;

/// <summary>Serves the configuration's part of the API: whole documents, as records, text or archives.</summary>
internal sealed class ConfigurationService(ConfigurationManager configuration, SecretStore secrets)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", TypeInfoResolver = ContractsJsonContext.Default };

    /// <summary>Replaces the document.</summary>
    public Task<ChangeOutcome> ApplyAsync(Actor actor, ApplyConfiguration request, CancellationToken cancellationToken) =>
        configuration.ChangeAsync(actor, request.Change, _ => request.Document, cancellationToken);

    /// <summary>Compares generations.</summary>
    public ConfigurationPlan Compare(CompareConfiguration request) =>
        configuration.PlanOf(configuration.GetSnapshot(request.From).Document, configuration.GetSnapshot(request.To).Document, request.From);

    /// <summary>Writes a document as text.</summary>
    public ConfigurationText Export(ExportConfiguration request)
    {
        ConfigurationSnapshot snapshot = configuration.GetSnapshot(request.Generation);
        JsonObject node = JsonSerializer.SerializeToNode(snapshot.Document, ContractsJsonContext.Default.NetConfiguration)!.AsObject();
        RemoveEmptyLists(node);
        string text = request.Format == ConfigurationFormat.Yaml ? YamlNodes.Write(node) : node.ToJsonString(Indented) + "\n";
        return new ConfigurationText(text, request.Format, snapshot.Info.Generation);
    }

    /// <summary>Replaces the document by one read from text.</summary>
    public Task<ChangeOutcome> ImportAsync(Actor actor, ImportConfiguration request, CancellationToken cancellationToken)
    {
        NetConfiguration document = DocumentReader.FromText(request.Text, request.Format);
        return configuration.ChangeAsync(actor, request.Change, _ => document, cancellationToken);
    }

    /// <summary>Checks a document.</summary>
    public async Task<ConfigurationTestResult> TestAsync(Actor actor, TestConfiguration request, CancellationToken cancellationToken)
    {
        NetConfiguration document;
        try
        {
            document = request.Text is null ? configuration.Document : DocumentReader.FromText(request.Text, request.Format);
        }
        catch (EngineException exception)
        {
            return new ConfigurationTestResult(false, [new ConfigurationProblem(string.Empty, exception.ErrorId, exception.Message)], false, null);
        }

        ConfigurationProblem[] problems = configuration.ProblemsOf(document with
        {
            Firewall = Firewall.RuleNumbering.Assign(configuration.Document.Firewall, document.Firewall),
            Relay = Relay.RelayNumbering.Assign(configuration.Document.Relay, document.Relay),
        });
        if (problems.Length > 0)
        {
            return new ConfigurationTestResult(false, problems, false, null);
        }

        try
        {
            ChangeOutcome outcome = await configuration.ChangeAsync(
                actor with { Role = EngineRole.Admin }, new ChangeOptions(WhatIf: true), _ => document, cancellationToken).ConfigureAwait(false);
            return new ConfigurationTestResult(true, [], outcome.Plan.Changes.Length == 0, outcome.Plan);
        }
        catch (EngineException exception)
        {
            return new ConfigurationTestResult(false, [new ConfigurationProblem(exception.Target ?? string.Empty, exception.ErrorId, exception.Message)], false, null);
        }
    }

    /// <summary>Makes an encrypted archive of document and secrets.</summary>
    public BackupArchive Backup(CreateBackup request)
    {
        ConfigurationSnapshot snapshot = configuration.GetSnapshot(null);
        var content = new BackupContent(
            snapshot.Info.Generation,
            JsonSerializer.Serialize(snapshot.Document, ContractsJsonContext.Default.NetConfiguration),
            secrets.List().ToDictionary(secret => secret.Name, secret => secrets.Read(secret.Name) ?? []));
        return new BackupArchive(BackupCodec.Seal(content, request.Passphrase), snapshot.Info.Generation);
    }

    /// <summary>Restores document and secrets from an archive.</summary>
    public async Task<ChangeOutcome> RestoreBackupAsync(Actor actor, RestoreBackup request, CancellationToken cancellationToken)
    {
        BackupContent content = BackupCodec.Open(request.Content, request.Passphrase);
        NetConfiguration document = DocumentReader.FromText(content.Document, ConfigurationFormat.Json);
        ChangeOptions how = request.Change ?? new ChangeOptions();
        if (how.WhatIf)
        {
            try
            {
                return await configuration.ChangeAsync(actor, how, _ => document, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException exception) when (exception.ErrorId == ErrorCatalogue.SecretNotFound.Id && SecretStore.TryGetName(document.Metrics.BearerToken, out string name) && content.Secrets.ContainsKey(name))
            {
                // The secret comes with the archive.
                ConfigurationSnapshot now = configuration.GetSnapshot(null);
                return new ChangeOutcome(Applied: false, now.Info.Generation, configuration.PlanOf(
                    now.Document, document with
                    {
                        Firewall = Firewall.RuleNumbering.Assign(now.Document.Firewall, document.Firewall),
                        Relay = Relay.RelayNumbering.Assign(now.Document.Relay, document.Relay),
                    }, now.Info.Generation));
            }
        }

        // The document may refer to secrets that are only in the archive, so they come first; one more secret harms nothing should it be refused.
        foreach ((string name, byte[] value) in content.Secrets)
        {
            secrets.Write(name, value);
        }

        return await configuration.ChangeAsync(actor, how with { Comment = how.Comment ?? $"restored from a backup of generation {content.Generation}" }, _ => document, cancellationToken).ConfigureAwait(false);
    }

    // Empty lists are what a document has anyway; a person reads better without them.
    private static void RemoveEmptyLists(JsonObject node)
    {
        foreach ((string name, JsonNode? value) in node.ToArray())
        {
            switch (value)
            {
                case JsonArray { Count: 0 } when name is not ("readers" or "rules" or "routes"):
                    node.Remove(name);
                    break;
                case JsonArray list:
                    foreach (JsonNode? item in list)
                    {
                        if (item is JsonObject inner)
                        {
                            RemoveEmptyLists(inner);
                        }
                    }

                    break;
                case JsonObject inner:
                    RemoveEmptyLists(inner);
                    break;
            }
        }
    }
}
