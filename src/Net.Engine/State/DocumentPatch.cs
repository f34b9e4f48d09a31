using System.Buffers;
using System.Text.Json;

namespace Net.Engine.State;

/// <summary>Makes a document of the one before and what was written of the difference. A difference that does not fit is damage.</summary>
internal static class DocumentPatch
{
    /// <summary>The document after a change.</summary>
    /// <param name="before">The document before.</param>
    /// <param name="change">What <see cref="DocumentImage.WriteChange"/> wrote.</param>
    /// <exception cref="StateDamagedException">The one is not a difference to the other.</exception>
    public static JsonElement Apply(JsonElement before, JsonElement change)
    {
        if (before.ValueKind != JsonValueKind.Object || change.ValueKind != JsonValueKind.Object)
        {
            throw Damaged("it is not an object");
        }

        var buffer = new ArrayBufferWriter<byte>(64 << 10);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Merge(writer, before, change, isDocument: true);
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Merge(Utf8JsonWriter writer, JsonElement before, JsonElement change, bool isDocument)
    {
        writer.WriteStartObject();
        foreach (JsonProperty property in before.EnumerateObject())
        {
            if (!change.TryGetProperty(property.Name, out JsonElement difference))
            {
                property.WriteTo(writer);
            }
            else if (isDocument && property.Value.ValueKind == JsonValueKind.Object)
            {
                if (difference.ValueKind != JsonValueKind.Object)
                {
                    throw Damaged($"{property.Name} is not a section");
                }

                writer.WritePropertyName(property.Name);
                Merge(writer, property.Value, difference, isDocument: false);
            }
            else
            {
                WriteMember(writer, property.Name, property.Value, difference);
            }
        }

        foreach (JsonProperty added in change.EnumerateObject())
        {
            if (!before.TryGetProperty(added.Name, out _))
            {
                WriteMember(writer, added.Name, default, added.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement before, JsonElement difference)
    {
        if (difference.ValueKind == JsonValueKind.Object)
        {
            if (difference.TryGetProperty("set"u8, out JsonElement value))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            return;
        }

        if (difference.ValueKind != JsonValueKind.Array || before.ValueKind != JsonValueKind.Array)
        {
            throw Damaged($"{name} is not a list");
        }

        JsonElement[] old = [.. before.EnumerateArray()];
        writer.WritePropertyName(name);
        writer.WriteStartArray();
        foreach (JsonElement segment in difference.EnumerateArray())
        {
            if (segment.ValueKind == JsonValueKind.Object)
            {
                segment.WriteTo(writer);
                continue;
            }

            if (segment.ValueKind != JsonValueKind.Array || segment.GetArrayLength() != 2
                || segment[0].ValueKind != JsonValueKind.Number || segment[1].ValueKind != JsonValueKind.Number
                || !segment[0].TryGetInt32(out int from) || !segment[1].TryGetInt32(out int count) || from < 0 || count < 0 || count > old.Length - from)
            {
                throw Damaged($"{name} takes records that are not there");
            }

            foreach (JsonElement element in old.AsSpan(from, count))
            {
                element.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }

    private static StateDamagedException Damaged(string why) => new($"a change does not fit the document it was made to: {why}");
}
