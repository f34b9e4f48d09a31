using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Contracts;
using Net.Engine.Firewall;

namespace Net.Engine.State;

/// <summary>
/// A document with the hashes of its parts, to write the next one as what is different in it. Records are never changed in place: the same
/// record is taken to say the same. Holds no text, only references to what the document in force holds anyway, and 16 bytes for each record.
/// </summary>
internal sealed class DocumentImage
{
    private readonly Part[] _parts;

    private DocumentImage(NetConfiguration document, Part[] parts)
    {
        Document = document;
        _parts = parts;
        Hash = DocumentHash.Of([.. DocumentParts.All.Select((part, index) => (part.Section, part.Member, parts[index].Hash)).Where(part => part.Hash.Length > 0)]);
    }

    /// <summary>The document.</summary>
    public NetConfiguration Document { get; }

    /// <summary>Its checksum.</summary>
    public string Hash { get; }

    /// <summary>Writes a document whole.</summary>
    public static DocumentImage Write(Utf8JsonWriter writer, NetConfiguration document)
    {
        using var scratch = new Scratch();
        Part[] parts = new Part[DocumentParts.All.Count];
        writer.WriteStartObject();
        string? open = null;
        for (int index = 0; index < parts.Length; index++)
        {
            DocumentPart part = DocumentParts.All[index];
            open = Enter(writer, open, part);
            if (part.Get(document) is not { } value)
            {
                parts[index] = Part.Absent;
                continue;
            }

            writer.WritePropertyName(part.Member.Length > 0 ? part.Member : part.Section);
            parts[index] = part.Element is not null && value is object[] { Length: > 0 } elements
                ? WriteElements(writer, elements, part.Element, scratch, int.MaxValue)!
                : Write(writer, value, part.Value, scratch);
        }

        Leave(writer, open);
        writer.WriteEndObject();
        return new DocumentImage(document, parts);
    }

    /// <summary>
    /// Writes what is different in the next document, as <see cref="DocumentPatch"/> reads it: by section and member an object with the new value
    /// in <c>set</c>, an empty one where the member is left out now, or for a list of records an array in which a pair of numbers takes that many
    /// records of the list before from that place on, and an object is a record.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="next">The next document.</param>
    /// <param name="maxBytes">The longest difference that is worth being one.</param>
    /// <returns>The image of the next document; null where the difference would be longer, as soon as that shows.</returns>
    public DocumentImage? WriteChange(Utf8JsonWriter writer, NetConfiguration next, int maxBytes)
    {
        using var scratch = new Scratch();
        Part[] parts = new Part[_parts.Length];
        writer.WriteStartObject();
        string? open = null;
        for (int index = 0; index < parts.Length; index++)
        {
            DocumentPart part = DocumentParts.All[index];
            Part before = _parts[index];
            object? value = part.Get(next);
            if (ReferenceEquals(value, before.Value) || (value is not null && part.Element is null && value.Equals(before.Value)))
            {
                parts[index] = before;
                continue;
            }

            open = Enter(writer, open, part);
            writer.WritePropertyName(part.Member.Length > 0 ? part.Member : part.Section);
            if (value is object[] { Length: > 0 } elements && part.Element is not null && before.Value is object[] { Length: > 0 } old)
            {
                if (WriteSegments(writer, old, before.ElementHashes, elements, part.Element, scratch, maxBytes) is not { } segments)
                {
                    return null;
                }

                parts[index] = segments;
                continue;
            }

            writer.WriteStartObject();
            parts[index] = Part.Absent;
            if (value is not null)
            {
                writer.WritePropertyName("set"u8);
                Part? written = part.Element is not null && value is object[] { Length: > 0 } all
                    ? WriteElements(writer, all, part.Element, scratch, maxBytes)
                    : Write(writer, value, part.Value, scratch);
                if (written is null)
                {
                    return null;
                }

                parts[index] = written;
            }

            writer.WriteEndObject();
        }

        Leave(writer, open);
        writer.WriteEndObject();
        return new DocumentImage(next, parts);
    }

    // Parts beside the sections are of no section.
    private static string? Enter(Utf8JsonWriter writer, string? open, DocumentPart part)
    {
        string? wanted = part.Member.Length > 0 ? part.Section : null;
        if (wanted == open)
        {
            return open;
        }

        Leave(writer, open);
        if (wanted is not null)
        {
            writer.WriteStartObject(wanted);
        }

        return wanted;
    }

    private static void Leave(Utf8JsonWriter writer, string? open)
    {
        if (open is not null)
        {
            writer.WriteEndObject();
        }
    }

    private static Part Write(Utf8JsonWriter writer, object value, JsonTypeInfo info, Scratch scratch)
    {
        byte[] hash = new byte[DocumentHash.Bytes];
        DocumentHash.Compute(scratch.WriteTo(writer, value, info), hash);
        return new Part(value, hash, []);
    }

    // Null as soon as more is written than is worth it.
    private static Part? WriteElements(Utf8JsonWriter writer, object[] elements, JsonTypeInfo info, Scratch scratch, int maxBytes)
    {
        byte[] hashes = new byte[elements.Length * DocumentHash.Bytes];
        writer.WriteStartArray();
        for (int index = 0; index < elements.Length; index++)
        {
            if (IsBeyond(writer, maxBytes))
            {
                return null;
            }

            DocumentHash.Compute(scratch.WriteTo(writer, elements[index], info), HashAt(hashes, index));
        }

        writer.WriteEndArray();
        return Part.OfList(elements, hashes);
    }

    private static Part? WriteSegments(Utf8JsonWriter writer, object[] old, byte[] oldHashes, object[] elements, JsonTypeInfo info, Scratch scratch, int maxBytes)
    {
        byte[] hashes = new byte[elements.Length * DocumentHash.Bytes];
        (int start, int end) = UnchangedRecords.Count<object>(old, elements);
        var places = new Dictionary<object, int>(old.Length - start - end, ReferenceEqualityComparer.Instance);
        for (int index = start; index < old.Length - end; index++)
        {
            places[old[index]] = index;
        }

        writer.WriteStartArray();
        (int From, int Count) run = (0, start);
        oldHashes.AsSpan(0, start * DocumentHash.Bytes).CopyTo(hashes);
        for (int index = start; index < elements.Length; index++)
        {
            bool isTail = index >= elements.Length - end;
            int place = isTail ? old.Length - (elements.Length - index) : places.GetValueOrDefault(elements[index], -1);
            if (place < 0)
            {
                if (IsBeyond(writer, maxBytes))
                {
                    return null;
                }

                WriteRun(writer, run);
                run = default;
                DocumentHash.Compute(scratch.WriteTo(writer, elements[index], info), HashAt(hashes, index));
                continue;
            }

            if (place != run.From + run.Count)
            {
                WriteRun(writer, run);
                run = (place, 0);
            }

            run.Count++;
            oldHashes.AsSpan(place * DocumentHash.Bytes, DocumentHash.Bytes).CopyTo(HashAt(hashes, index));
        }

        WriteRun(writer, run);
        writer.WriteEndArray();
        return Part.OfList(elements, hashes);
    }

    private static void WriteRun(Utf8JsonWriter writer, (int From, int Count) run)
    {
        if (run.Count == 0)
        {
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(run.From);
        writer.WriteNumberValue(run.Count);
        writer.WriteEndArray();
    }

    private static bool IsBeyond(Utf8JsonWriter writer, int maxBytes) => writer.BytesCommitted + writer.BytesPending > maxBytes;

    private static Span<byte> HashAt(byte[] hashes, int index) => hashes.AsSpan(index * DocumentHash.Bytes, DocumentHash.Bytes);

    private sealed record Part(object? Value, byte[] Hash, byte[] ElementHashes)
    {
        public static Part Absent { get; } = new(null, [], []);

        public static Part OfList(object[] elements, byte[] hashes)
        {
            byte[] hash = new byte[DocumentHash.Bytes];
            DocumentHash.Compute(hashes, hash);
            return new Part(elements, hash, hashes);
        }
    }

    // Values are written here first, since a writer does not tell which of its bytes a value became.
    private sealed class Scratch : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _writer;

        public Scratch() => _writer = new Utf8JsonWriter(_buffer, DocumentHash.Writing);

        public void Dispose() => _writer.Dispose();

        public ReadOnlySpan<byte> WriteTo(Utf8JsonWriter writer, object value, JsonTypeInfo info)
        {
            _buffer.ResetWrittenCount();
            _writer.Reset();
            JsonSerializer.Serialize(_writer, value, info);
            _writer.Flush();
            writer.WriteRawValue(_buffer.WrittenSpan, skipInputValidation: true);
            return _buffer.WrittenSpan;
        }
    }
}
