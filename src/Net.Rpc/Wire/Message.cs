using System.Text;
using System.Text.Json;

namespace Net.Rpc.Wire;

/// <summary>The outer members of one message; the inner values are spans of the same bytes.</summary>
internal ref struct Message
{
    public ReadOnlySpan<byte> Method;
    public ReadOnlySpan<byte> Params;
    public ReadOnlySpan<byte> Result;
    public ReadOnlySpan<byte> Error;
    public RequestId Id;
    public bool HasMethod;
    public bool HasId;
    public bool HasResult;
    public bool HasError;

    public static Message Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return ParseCore(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for text that is no UTF-8.
            throw new RpcProtocolException(RpcCloseReason.BadMessage, "A message is not valid JSON.");
        }
    }

    private static Message ParseCore(ReadOnlySpan<byte> json)
    {
        var message = default(Message);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            throw new RpcProtocolException(RpcCloseReason.Batch, "Batches are not supported.");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RpcProtocolException(RpcCloseReason.BadMessage, "A message is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            message.ReadMember(ref reader, json);
        }

        // Only white space may follow; the reader throws on anything else.
        reader.Read();
        if (!message.HasMethod && !message.HasResult && !message.HasError)
        {
            throw new RpcProtocolException(RpcCloseReason.BadMessage, "A message is neither request nor notification nor response.");
        }

        if (!message.HasMethod && !message.HasId)
        {
            throw new RpcProtocolException(RpcCloseReason.BadMessage, "A response has no id.");
        }

        return message;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new RpcProtocolException(RpcCloseReason.BadMessage, "The method of a message is not a string.");
            }

            HasMethod = true;
            Method = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            HasId = true;
            Id = RequestId.Read(ref reader);
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            Params = ReadValue(ref reader, json);
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            HasResult = true;
            Result = ReadValue(ref reader, json);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            Error = ReadValue(ref reader, json);
            HasError = reader.TokenType != JsonTokenType.Null;
        }
        else if (reader.ValueTextEquals("jsonrpc"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("2.0"u8))
            {
                throw new RpcProtocolException(RpcCloseReason.BadMessage, "A message has another JSON-RPC version than 2.0.");
            }
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static ReadOnlySpan<byte> ReadValue(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
