using System.Text;
using System.Text.Json;
using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>Decides what a message is and passes it on. Runs on the thread that reads the connection and never waits.</summary>
internal sealed class MessageHandler(RpcConnection connection, RpcDispatcher dispatcher)
{
    /// <summary>Handles one message; throws <see cref="RpcProtocolException"/> when the connection must close.</summary>
    public void Handle(ReadOnlySpan<byte> json)
    {
        Message message = Message.Parse(json);
        if (!message.HasMethod)
        {
            HandleResponse(message);
        }
        else if (message.Method.StartsWith("$/"u8) && HandleProtocol(message))
        {
            return;
        }
        else
        {
            HandleCall(message);
        }
    }

    private void HandleResponse(in Message message)
    {
        OutgoingCall? call = message.Id.TryGetNumber(out long id) ? connection.Outgoing.Remove(id) : null;
        if (call is null)
        {
            throw new RpcProtocolException(RpcCloseReason.UnexpectedResponse, "A response arrived to a request that is not open.");
        }

        call.Complete(message);
    }

    private void HandleCall(in Message message)
    {
        RpcMethod? method = dispatcher.Find(message.Method);
        if (method is null)
        {
            if (message.HasId)
            {
                string name = Encoding.UTF8.GetString(message.Method.Length <= 256 ? message.Method : message.Method[..256]);
                connection.SendError(message.Id, new RpcException(RpcErrorCodes.MethodNotFound, $"No method by the name '{name}' is found."));
            }

            return;
        }

        var context = new RpcCallContext(connection, method.Name, !message.HasId, connection.Options.TimeProvider.GetTimestamp());
        try
        {
            if (dispatcher.Authorize?.Invoke(context, method.Name) is { } refusal)
            {
                throw refusal;
            }

            connection.Incoming.Start(method.Bind(connection, context, message.Id, message.Params));
        }
        catch (RpcException refusal)
        {
            Refuse(context, message, refusal);
        }
        catch (Exception exception)
        {
            // A hook or a converter of the application failed; the peer learns as little as from a failed handler.
            connection.Options.Observer?.HandlerFailed(context, exception);
            Refuse(context, message, new RpcException());
        }
    }

    private void Refuse(RpcCallContext context, in Message message, RpcException refusal)
    {
        connection.Options.Observer?.CallFinished(context, RpcCallOutcome.Refused, refusal.Code, TimeSpan.Zero);
        if (message.HasId)
        {
            connection.SendError(message.Id, refusal);
        }
    }

    private bool HandleProtocol(in Message message)
    {
        if (message.Method.SequenceEqual("$/enumerator/next"u8))
        {
            HandleNext(message);
        }
        else if (message.Method.SequenceEqual("$/cancelRequest"u8))
        {
            HandleCancel(message);
        }
        else if (message.Method.SequenceEqual("$/progress"u8))
        {
            HandleProgress(message);
        }
        else if (message.Method.SequenceEqual("$/enumerator/abort"u8))
        {
            HandleAbort(message);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void HandleCancel(in Message message)
    {
        if (TryReadArguments(message.Params, "id"u8, default, out RequestId id, out _))
        {
            connection.Incoming.Cancel(id);
        }

        AnswerNull(message);
    }

    private void HandleProgress(in Message message)
    {
        if (TryReadArguments(message.Params, "token"u8, "value"u8, out RequestId token, out ReadOnlySpan<byte> value) &&
            !value.IsEmpty && token.TryGetNumber(out long number) && connection.Progress.Find(number) is { } sink)
        {
            try
            {
                sink.Report(value);
            }
            catch (Exception exception)
            {
                // A report that cannot be read or shown must not harm the call it belongs to.
                var context = new RpcCallContext(connection, ProtocolMethods.Progress, true, 0);
                connection.Options.Observer?.HandlerFailed(context, exception);
            }
        }

        AnswerNull(message);
    }

    private void HandleNext(in Message message)
    {
        if (!message.HasId)
        {
            return;
        }

        StreamProducer? producer = FindProducer(message);
        if (producer is null)
        {
            connection.SendError(message.Id, new RpcException(RpcErrorCodes.NoSuchStream, "This remote object no longer exists."));
            return;
        }

        var context = new RpcCallContext(connection, ProtocolMethods.Next, false, 0);
        try
        {
            connection.Incoming.Start(new NextCall(connection, context, message.Id, producer));
        }
        catch (RpcException refusal)
        {
            connection.SendError(message.Id, refusal);
        }
    }

    private void HandleAbort(in Message message)
    {
        if (FindProducer(message) is { } producer)
        {
            connection.Producers.Remove(producer);
        }

        AnswerNull(message);
    }

    private StreamProducer? FindProducer(in Message message) =>
        TryReadArguments(message.Params, "token"u8, default, out RequestId token, out _) && token.TryGetNumber(out long number)
            ? connection.Producers.Find(number)
            : null;

    private void AnswerNull(in Message message)
    {
        if (!message.HasId)
        {
            return;
        }

        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginResult(message.Id);
        writer.Json.WriteNullValue();
        writer.End();
        connection.Outbox.Append(writer.Finish());
    }

    /// <summary>Reads an id or token, and for progress a value, sent by position or by name.</summary>
    private static bool TryReadArguments(
        ReadOnlySpan<byte> json, ReadOnlySpan<byte> idName, ReadOnlySpan<byte> valueName, out RequestId id, out ReadOnlySpan<byte> value)
    {
        id = RequestId.Null;
        value = default;
        bool found = false;
        if (json.IsEmpty || json[0] is not ((byte)'[' or (byte)'{'))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        bool named = reader.TokenType == JsonTokenType.StartObject;
        int index = -1;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            index++;
            bool isId = named ? reader.ValueTextEquals(idName) : index == 0;
            bool isValue = named ? reader.ValueTextEquals(valueName) : index == 1;
            if (named)
            {
                reader.Read();
            }

            if (isId)
            {
                if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
                {
                    return false;
                }

                id = RequestId.Read(ref reader);
                found = true;
                continue;
            }

            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            value = isValue ? json[start..(int)reader.BytesConsumed] : value;
        }

        return found;
    }
}
