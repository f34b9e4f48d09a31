using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Streams;

/// <summary>Some items of a stream: the answer that opens it or one that continues it.</summary>
internal sealed class StreamPage<T>
{
    public RequestId? Token { get; private set; }

    public List<T> Values { get; } = [];

    public bool IsFinished { get; private set; }

    public static StreamPage<T> Read(ReadOnlySpan<byte> json, JsonTypeInfo<T> info)
    {
        var page = new StreamPage<T>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A stream is an object with a token or values.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            page.ReadMember(ref reader, info);
        }

        return page;
    }

    private void ReadMember(ref Utf8JsonReader reader, JsonTypeInfo<T> info)
    {
        if (reader.ValueTextEquals("token"u8))
        {
            reader.Read();
            Token = reader.TokenType == JsonTokenType.Null ? null : RequestId.Read(ref reader);
        }
        else if (reader.ValueTextEquals("finished"u8))
        {
            reader.Read();
            IsFinished = reader.GetBoolean();
        }
        else if (reader.ValueTextEquals("values"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                return;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("The values of a stream are an array.");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Values.Add(JsonSerializer.Deserialize(ref reader, info)!);
            }
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }
}
