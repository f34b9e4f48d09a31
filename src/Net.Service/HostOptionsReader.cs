using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Contracts;

namespace Net.Service;

/// <summary>Reads host options: <c>host.json</c> in the configuration folder, then <c>NETMOD_SECTION_KEY</c> of the environment, then flags;
/// members <c>host</c> and <c>log</c> of policies in <c>policy.d</c> win over all of them.</summary>
internal static class HostOptionsReader
{
    // Setting, flag, environment variable.
    private static readonly (string Setting, string Flag, string Variable)[] Known =
    [
        ("host.socket", "--socket", "NETMOD_HOST_SOCKET"),
        ("host.state", "--state", "NETMOD_HOST_STATE"),
        ("host.worker", "--worker", "NETMOD_HOST_WORKER"),
        ("host.bpf", "--bpf", "NETMOD_HOST_BPF"),
        ("log.format", "--log-format", "NETMOD_LOG_FORMAT"),
        ("log.level", "--log-level", "NETMOD_LOG_LEVEL"),
    ];

    // One of two members of the same name would be lost.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private const string ConfigurationFlag = "--config";
    private const string ConfigurationVariable = "NETMOD_HOST_CONFIG";

    /// <summary>The options of this start.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Looks up a variable.</param>
    /// <exception cref="EngineException">A flag, file or value is not usable; the message names it.</exception>
    public static HostOptions Read(string[] arguments, Func<string, string?> environment)
    {
        Dictionary<string, string> flags = ParseFlags(arguments);
        var options = new HostOptions();
        options = options with
        {
            Configuration = flags.GetValueOrDefault(ConfigurationFlag) ?? NonEmpty(environment(ConfigurationVariable)) ?? options.Configuration,
        };

        JsonObject file = ReadObject(Path.Combine(options.Configuration, "host.json"));
        List<JsonObject> policies = ReadPolicies(options.Configuration);
        foreach ((string setting, string flag, string variable) in Known)
        {
            string? value = policies.Select(policy => Find(policy, setting)).LastOrDefault(found => found is not null)
                ?? flags.GetValueOrDefault(flag)
                ?? NonEmpty(environment(variable))
                ?? Find(file, setting);
            if (value is not null)
            {
                options = With(options, setting, value);
            }
        }

        return options;
    }

    private static Dictionary<string, string> ParseFlags(string[] arguments)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int index = 0; index < arguments.Length; index++)
        {
            string[] parts = arguments[index].Split('=', 2);
            if (parts[0] != ConfigurationFlag && !Known.Any(known => known.Flag == parts[0]))
            {
                throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{parts[0]}' is not a flag of the engine; it takes {ConfigurationFlag}, {string.Join(", ", Known.Select(known => known.Flag))}.", parts[0]);
            }

            flags[parts[0]] = parts.Length == 2 ? parts[1]
                : ++index < arguments.Length ? arguments[index]
                : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The flag {parts[0]} needs a value.", parts[0]);
        }

        return flags;
    }

    private static HostOptions With(HostOptions options, string setting, string value) => setting switch
    {
        "host.socket" => options with { Socket = value },
        "host.state" => options with { State = value },
        "host.worker" => options with { Worker = Path.GetFullPath(value) },
        "host.bpf" => options with { Bpf = Path.GetFullPath(value) },
        "log.format" => options with { LogFormat = ParseEnum<LogFormat>(setting, value) },
        _ => options with { LogLevel = ParseEnum<EngineLogLevel>(setting, value) },
    };

    private static TEnum ParseEnum<TEnum>(string setting, string value)
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Contains(value, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(value, ignoreCase: true, out TEnum parsed)
        ? parsed
        : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{value}' is not a value of {setting}; it takes {string.Join(", ", Enum.GetNames<TEnum>()).ToLowerInvariant()}.", setting);

    private static List<JsonObject> ReadPolicies(string configurationFolder)
    {
        string folder = Path.Combine(configurationFolder, "policy.d");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(ReadObject)]
            : [];
    }

    private static JsonObject ReadObject(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: Strict) as JsonObject ?? throw new JsonException("it is not an object") : [];
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationUnreadable, $"{path} is not readable: {exception.Message}", path, exception);
        }
    }

    private static string? Find(JsonObject document, string setting)
    {
        string[] parts = setting.Split('.');
        return (document[parts[0]] as JsonObject)?[parts[1]]?.ToString();
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
