using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Net.Workers.Relay;

/// <summary>Addresses as text, which the domain's records carry as objects of the framework.</summary>
internal sealed class AddressConverter : JsonConverter<IPAddress>
{
    /// <inheritdoc />
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.TryParse(reader.GetString(), out IPAddress? address) ? address : throw new JsonException("It is no address.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[64];
        _ = value.TryFormat(text, out int length);
        writer.WriteStringValue(text[..length]);
    }
}
