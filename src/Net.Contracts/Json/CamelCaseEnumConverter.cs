using System.Text.Json;
using System.Text.Json.Serialization;

namespace Net.Contracts.Json;

/// <summary>Writes enum members as camelCase strings and reads them in any case; numbers are refused.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class CamelCaseEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
