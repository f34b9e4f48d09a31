using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Net.Cli.Output;

/// <summary>Writes values as JSON. Within a major version members are only ever added.</summary>
internal static class JsonOutput
{
    // Relaxed: the output goes to files and programs, not into HTML, and names in any language stay readable.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value over several lines.</summary>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> info) =>
        Write(output, Indented, writer => JsonSerializer.Serialize(writer, value, info));

    /// <summary>Writes a value on one line, as items of streams are.</summary>
    public static void WriteLine<T>(TextWriter output, T value, JsonTypeInfo<T> info) =>
        Write(output, Compact, writer => JsonSerializer.Serialize(writer, value, info));

    /// <summary>Writes <c>{"name": value}</c> on one line.</summary>
    public static void WriteLine<T>(TextWriter output, string name, T value, JsonTypeInfo<T> info) => Write(
        output,
        Compact,
        writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, info);
            writer.WriteEndObject();
        });

    private static void Write(TextWriter output, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
