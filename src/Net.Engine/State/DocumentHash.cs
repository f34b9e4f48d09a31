using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Net.Packets;

namespace Net.Engine.State;

/// <summary>
/// The checksum of a document: a hash over the hashes of its parts, and of a list of records over those of its records, so that it follows a
/// change without writing the whole document. SipHash-2-4-128 with a key of zeros: it tells damage, not forgery.
/// </summary>
internal static class DocumentHash
{
    /// <summary>How what is hashed is written. Times are written as they are, whatever the encoder; one that escaped the plus sign of their offset when they are read as text would give them another
    /// hash than they were written with.</summary>
    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = SipHash.HashBytes;

    /// <summary>Hashes bytes.</summary>
    public static void Compute(ReadOnlySpan<byte> content, Span<byte> hash) => SipHash.Compute(stackalloc byte[SipHash.KeyBytes], content, hash);

    /// <summary>The checksum of a document of which the parts' hashes are known.</summary>
    /// <param name="parts">Section, member and hash of every part that is written, in any order.</param>
    public static string Of(List<(string Section, string Member, byte[] Hash)> parts)
    {
        parts.Sort((a, b) =>
        {
            int bySection = string.CompareOrdinal(a.Section, b.Section);
            return bySection != 0 ? bySection : string.CompareOrdinal(a.Member, b.Member);
        });
        var content = new MemoryStream();
        foreach ((string section, string member, byte[] hash) in parts)
        {
            Write(content, section);
            Write(content, member);
            content.Write(hash);
        }

        return ToText(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>The checksum of a document as it was written.</summary>
    public static string Of(JsonElement document)
    {
        var parts = new List<(string Section, string Member, byte[] Hash)>();
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Writing);
        foreach (JsonProperty section in document.EnumerateObject())
        {
            if (section.Value.ValueKind != JsonValueKind.Object)
            {
                parts.Add((section.Name, string.Empty, OfPart(section.Value, writer, buffer)));
                continue;
            }

            foreach (JsonProperty member in section.Value.EnumerateObject())
            {
                parts.Add((section.Name, member.Name, OfPart(member.Value, writer, buffer)));
            }
        }

        return Of(parts);
    }

    private static byte[] OfPart(JsonElement part, Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        byte[] hash = new byte[Bytes];
        int count = part.ValueKind == JsonValueKind.Array ? part.GetArrayLength() : 0;
        if (count == 0 || part[0].ValueKind != JsonValueKind.Object)
        {
            Compute(ToBytes(part, writer, buffer), hash);
            return hash;
        }

        byte[] elements = new byte[count * Bytes];
        int place = 0;
        foreach (JsonElement element in part.EnumerateArray())
        {
            Compute(ToBytes(element, writer, buffer), elements.AsSpan(place, Bytes));
            place += Bytes;
        }

        Compute(elements, hash);
        return hash;
    }

    private static ReadOnlySpan<byte> ToBytes(JsonElement element, Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        element.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(MemoryStream content, string name)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(name));
        content.Write(length);
        content.Write(Encoding.UTF8.GetBytes(name));
    }

    private static string ToText(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        Compute(content, hash);
        return Convert.ToHexStringLower(hash);
    }
}
