using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Net.Contracts.Json;

/// <summary>Reads and writes a type as the text it parses from.</summary>
/// <typeparam name="T">A type whose text form is complete: parsing what it prints gives it back.</typeparam>
public sealed class ParsableConverter<T> : JsonConverter<T>
    where T : IParsable<T>, IUtf8SpanParsable<T>, IUtf8SpanFormattable
{
    // Two IPv6 addresses with the sign between them, and room to spare.
    private const int LongestText = 160;

    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader is { TokenType: JsonTokenType.String, HasValueSequence: false, ValueIsEscaped: false } && T.TryParse(reader.ValueSpan, null, out T? value))
        {
            return value;
        }

        string text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,

            // A port is a number to whoever writes a document by hand, and to YAML.
            JsonTokenType.Number when typeof(T) == typeof(PortRange) && reader.TryGetInt32(out int port) => port.ToString(CultureInfo.InvariantCulture),
            _ => throw new JsonException($"a string was expected for {typeof(T).Name}"),
        };
        try
        {
            return T.Parse(text, null);
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[LongestText];
        if (value.TryFormat(text, out int written, default, null))
        {
            writer.WriteStringValue(text[..written]);
        }
        else
        {
            writer.WriteStringValue(value.ToString());
        }
    }
}
