using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Engine.Configuration;

/// <summary>Settings an administrator locks above everything: <c>policy.d/*.json</c> in the configuration folder, read at start in the order of
/// their names. A policy is a part of a document with the same shape; lists and single values in it are locked as a whole.
/// Its members <c>host</c> and <c>log</c> are host options.</summary>
internal sealed class PolicySource
{
    // Whoever hosts the engine reads these; here they only show as locked.
    private static readonly string[] HostSections = ["host", "log"];

    private readonly JsonObject _overlay;

    // The overlay on a document of defaults: what a document that obeys every lock says at each of them.
    private readonly JsonObject _obeyed;

    private PolicySource(JsonObject overlay, LockedSetting[] locked)
    {
        _overlay = overlay;
        _obeyed = ToNode(new NetConfiguration());
        Overlay(_obeyed, overlay);
        Defaults = _obeyed.Deserialize(ContractsJsonContext.Wire.NetConfiguration)!;
        _obeyed = ToNode(Defaults);
        Locked = locked;
    }

    /// <summary>A document of defaults that obeys every lock, to check what the policies say.</summary>
    public NetConfiguration Defaults { get; }

    /// <summary>What is locked, with the file that does.</summary>
    public LockedSetting[] Locked { get; }

    /// <summary>Reads the policies of a configuration folder.</summary>
    /// <exception cref="EngineException">A policy is not readable: an engine must not start without the locks it was given.</exception>
    public static PolicySource Load(string configurationFolder)
    {
        string folder = Path.Combine(configurationFolder, "policy.d");
        var overlay = new JsonObject();
        var locked = new Dictionary<string, LockedSetting>(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                Merge(overlay, Read(path), string.Empty, path, locked);
            }
        }

        RemoveHostSections(overlay);
        return new PolicySource(overlay, [.. locked.Values.OrderBy(setting => setting.Setting, StringComparer.Ordinal)]);
    }

    /// <summary>Puts the locked settings into a document.</summary>
    /// <param name="current">The document in force.</param>
    /// <param name="next">The document asked for.</param>
    /// <param name="isLoading">Whether the document comes from disk, where a lock set since then simply wins.</param>
    /// <exception cref="EngineException">The change would alter a locked setting.</exception>
    public NetConfiguration Enforce(NetConfiguration current, NetConfiguration next, bool isLoading = false)
    {
        if (Locked.Length == 0)
        {
            return next;
        }

        JsonObject wanted = ToNode(next);
        JsonObject before = ToNode(current);
        if (!isLoading)
        {
            foreach (LockedSetting setting in Locked)
            {
                JsonNode? asked = Find(wanted, setting.Setting);
                if (!JsonNode.DeepEquals(asked, Find(before, setting.Setting)) && !JsonNode.DeepEquals(asked, Find(_obeyed, setting.Setting)))
                {
                    throw new EngineException(ErrorCatalogue.SettingLocked, $"'{setting.Setting}' is locked to {setting.Value} by {setting.Source}.", setting.Setting);
                }
            }
        }

        Overlay(wanted, _overlay);
        return wanted.Deserialize(ContractsJsonContext.Wire.NetConfiguration)!;
    }

    private static JsonObject Read(string path)
    {
        try
        {
            JsonObject policy = JsonNode.Parse(File.ReadAllText(path), documentOptions: DocumentReader.Strict) as JsonObject ?? throw new JsonException("it is not an object");

            // Reading it as a document proves that every name in it is one the engine knows.
            JsonObject document = policy.DeepClone().AsObject();
            RemoveHostSections(document);
            DocumentReader.RefuseNullItems(document.Deserialize(ContractsJsonContext.Wire.NetConfiguration)!);
            return policy;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationUnreadable, $"The policy {path} is not readable: {exception.Message}", path, exception);
        }
    }

    private static void RemoveHostSections(JsonObject policy)
    {
        foreach (string section in HostSections)
        {
            policy.Remove(section);
        }
    }

    private static void Merge(JsonObject into, JsonObject from, string prefix, string source, Dictionary<string, LockedSetting> locked)
    {
        foreach ((string name, JsonNode? value) in from)
        {
            string setting = prefix + name;
            if (value is JsonObject inner)
            {
                if (into[name] is not JsonObject target)
                {
                    into[name] = target = [];
                }

                Merge(target, inner, setting + ".", source, locked);
            }
            else
            {
                into[name] = value?.DeepClone();
                locked[setting] = new LockedSetting(setting, value?.ToJsonString() ?? "null", source);
            }
        }
    }

    private static void Overlay(JsonObject document, JsonObject policy)
    {
        foreach ((string name, JsonNode? value) in policy)
        {
            if (value is JsonObject inner && document[name] is JsonObject target)
            {
                Overlay(target, inner);
            }
            else
            {
                document[name] = value?.DeepClone();
            }
        }
    }

    private static JsonNode? Find(JsonObject document, string setting)
    {
        JsonNode? node = document;
        foreach (string part in setting.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }

    private static JsonObject ToNode(NetConfiguration document) =>
        JsonSerializer.SerializeToNode(document, ContractsJsonContext.Default.NetConfiguration)!.AsObject();
}
