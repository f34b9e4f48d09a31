using System.Text.Json;
using System.Text.Json.Serialization;
using Net.Relay;

namespace Net.Workers.Relay;

/// <summary>Addresses and prefixes as people write them.</summary>
internal sealed class AddressPrefixConverter : JsonConverter<AddressPrefix>
{
    /// <inheritdoc />
    public override AddressPrefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AddressPrefix.TryParse(reader.GetString(), out AddressPrefix prefix) ? prefix : throw new JsonException("It is neither an address nor a prefix.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, AddressPrefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
