using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>Writes the params of an outgoing message; a struct, so that sending allocates nothing for it.</summary>
internal interface IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call);
}

/// <summary>The members of a request object as named arguments.</summary>
internal readonly struct RecordParams<T>(T value, JsonTypeInfo<T> info) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call) => writer.WriteNamedParams(value, info);
}

/// <summary>The members of a request object and a progress token.</summary>
internal readonly struct RecordWithProgressParams<T, TProgress>(
    T value, JsonTypeInfo<T> info, IProgress<TProgress> progress, JsonTypeInfo<TProgress> progressInfo) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call)
    {
        long token = connection.Progress.Add(call!, new ProgressSink<TProgress>(progress, progressInfo));
        writer.WriteNamedParams(value, info, RpcDispatcher.ProgressName, token);
    }
}

/// <summary>Separate arguments, by position or by name.</summary>
internal readonly struct ArgumentParams(RpcArgument[] arguments, bool named) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call)
    {
        if (!named)
        {
            writer.Json.WriteStartArray();
        }
        else
        {
            writer.Json.WriteStartObject();
        }

        foreach (RpcArgument argument in arguments)
        {
            if (named)
            {
                writer.Json.WritePropertyName(argument.Name ?? throw new ArgumentException("An argument sent by name has no name."));
            }

            argument.Write(writer.Json, connection, call);
        }

        if (!named)
        {
            writer.Json.WriteEndArray();
        }
        else
        {
            writer.Json.WriteEndObject();
        }
    }
}

/// <summary>The token of a stream, alone, by position.</summary>
internal readonly struct TokenParams(RequestId token) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call)
    {
        writer.Json.WriteStartArray();
        token.WriteValue(writer.Json);
        writer.Json.WriteEndArray();
    }
}
