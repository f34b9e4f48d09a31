using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Net.Rpc.Wire;

/// <summary>Composes one outgoing message. Each thread keeps one, since composing never waits.</summary>
internal sealed class MessageWriter : IDisposable
{
    [ThreadStatic]
    private static MessageWriter? s_idle;

    private MessageWriter()
    {
        Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public MessageBuffer Buffer { get; } = new();

    public Utf8JsonWriter Json { get; }

    public static MessageWriter Rent()
    {
        MessageWriter writer = s_idle ?? new MessageWriter();
        s_idle = null;
        return writer;
    }

    /// <summary>Ends the message and returns its bytes, valid until this is disposed.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        Json.Flush();
        return Buffer.Written;
    }

    public void Dispose()
    {
        Json.Reset();
        Buffer.Clear();
        s_idle = this;
    }

    public void BeginRequest(string method, long id)
    {
        Json.WriteStartObject();
        Json.WriteString("jsonrpc"u8, "2.0"u8);
        Json.WriteNumber("id"u8, id);
        Json.WriteString("method"u8, method);
        Json.WritePropertyName("params"u8);
    }

    public void BeginNotification(string method)
    {
        Json.WriteStartObject();
        Json.WriteString("jsonrpc"u8, "2.0"u8);
        Json.WriteString("method"u8, method);
        Json.WritePropertyName("params"u8);
    }

    public void BeginResult(RequestId id)
    {
        Json.WriteStartObject();
        Json.WriteString("jsonrpc"u8, "2.0"u8);
        id.Write(Json);
        Json.WritePropertyName("result"u8);
    }

    public void End() => Json.WriteEndObject();

    public void WriteError(RequestId id, int code, string message, JsonElement? data)
    {
        Json.WriteStartObject();
        Json.WriteString("jsonrpc"u8, "2.0"u8);
        id.Write(Json);
        Json.WriteStartObject("error"u8);
        Json.WriteNumber("code"u8, code);
        Json.WriteString("message"u8, message);
        if (data is { } element)
        {
            Json.WritePropertyName("data"u8);
            element.WriteTo(Json);
        }

        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    /// <summary>Writes a request object as named parameters; it must become a JSON object.</summary>
    public void WriteNamedParams<T>(T value, JsonTypeInfo<T> info)
    {
        if (value is RpcNothing)
        {
            Json.WriteStartObject();
            Json.WriteEndObject();
            return;
        }

        Json.Flush();
        int at = Buffer.Length;
        JsonSerializer.Serialize(Json, value, info);
        Json.Flush();
        ReadOnlySpan<byte> written = Buffer.Written[at..].TrimStart(":"u8);
        if (written.IsEmpty || written[0] != '{')
        {
            throw new ArgumentException("Named parameters must be an object; use the positional form for a single value.", nameof(value));
        }
    }

    /// <summary>Writes a request object as named parameters with one more member that is not part of it.</summary>
    public void WriteNamedParams<T>(T value, JsonTypeInfo<T> info, string extraName, long extraValue)
    {
        using JsonDocument document = JsonSerializer.SerializeToDocument(value, info);
        Json.WriteStartObject();
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                member.WriteTo(Json);
            }
        }

        Json.WriteNumber(extraName, extraValue);
        Json.WriteEndObject();
    }
}
