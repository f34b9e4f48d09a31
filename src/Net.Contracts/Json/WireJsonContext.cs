using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Net.Contracts.Json;

/// <summary>
/// Writes rules without their empty lists and switches that are off, which are the defaults of these members: 27 lists of a rule are empty as a
/// rule, and of 10,000 rules they are 9 of 13 MB that somebody has to write, send, read and keep. Everything else is as in <see cref="ContractsJsonContext.Default"/>.
/// </summary>
internal sealed class WireJsonContext : ContractsJsonContext, IJsonTypeInfoResolver
{
    private WireJsonContext()
        : base(new JsonSerializerOptions(Default.Options))
    {
    }

    /// <summary>The one instance.</summary>
    public static WireJsonContext Instance { get; } = new();

    /// <inheritdoc />
    JsonTypeInfo? IJsonTypeInfoResolver.GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        JsonTypeInfo? info = ((IJsonTypeInfoResolver)Default).GetTypeInfo(type, options);
        if (info is not null && type == typeof(FirewallRule))
        {
            foreach (JsonPropertyInfo member in info.Properties)
            {
                LeaveOutDefault(member);
            }
        }

        return info;
    }

    private static void LeaveOutDefault(JsonPropertyInfo member)
    {
        if (member.PropertyType.IsArray)
        {
            member.ShouldSerialize = static (_, value) => value is Array { Length: > 0 };
        }
        else if (member.PropertyType == typeof(bool) && member.Name != "enabled")
        {
            member.ShouldSerialize = static (_, value) => value is true;
        }
    }
}
