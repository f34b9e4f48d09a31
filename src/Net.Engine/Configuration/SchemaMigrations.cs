using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <summary>Brings documents of earlier schema versions to the one of this release, one version at a time.</summary>
internal static class SchemaMigrations
{
    // Index n brings version n to n + 1. Version 0 was the preview format, which had the rules at the root and no version member.
    private static readonly Func<JsonObject, JsonObject>[] Steps = [FromPreview];

    /// <summary>Whether a document needs no migration.</summary>
    public static bool IsCurrent(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object
        && document.TryGetProperty("schemaVersion", out JsonElement version)
        && version.ValueKind == JsonValueKind.Number
        && version.TryGetInt32(out int number)
        && number == NetConfiguration.CurrentSchemaVersion;

    /// <summary>Migrates a document.</summary>
    /// <exception cref="FutureSchemaException">It is newer than this release.</exception>
    /// <exception cref="JsonException">The version is not a number.</exception>
    public static JsonObject ToCurrent(JsonObject document)
    {
        int version = VersionOf(document);
        if (version > NetConfiguration.CurrentSchemaVersion)
        {
            throw new FutureSchemaException(version, NetConfiguration.CurrentSchemaVersion);
        }

        for (; version < NetConfiguration.CurrentSchemaVersion; version++)
        {
            document = Steps[version](document);
        }

        document["schemaVersion"] = NetConfiguration.CurrentSchemaVersion;
        return document;
    }

    private static int VersionOf(JsonObject document)
    {
        if (!document.TryGetPropertyValue("schemaVersion", out JsonNode? node))
        {
            // Documents written by hand often leave it out; only the preview had rules at the root.
            return document.ContainsKey("rules") ? 0 : NetConfiguration.CurrentSchemaVersion;
        }

        // A number from YAML is a long, one from JSON not decided yet; a version beyond int is from the future all the same.
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? (int)Math.Min(version, int.MaxValue)
            : throw new JsonException("schemaVersion must be a whole number");
    }

    private static JsonObject FromPreview(JsonObject document)
    {
        JsonNode? rules = document["rules"]?.DeepClone();
        document.Remove("rules");
        document["firewall"] = new JsonObject { ["rules"] = rules ?? new JsonArray() };
        return document;
    }
}
