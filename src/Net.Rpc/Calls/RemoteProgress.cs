using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>Sends reports to the caller under the token it gave. Reports are dropped while the caller does not read.</summary>
internal sealed class RemoteProgress<T>(RpcConnection connection, RequestId token, JsonTypeInfo<T> info) : IProgress<T>
{
    public static IProgress<T> Read(ReadOnlySpan<byte> json, RpcConnection connection, JsonTypeInfo<T> info)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => NullProgress<T>.Instance,
            JsonTokenType.Number or JsonTokenType.String => new RemoteProgress<T>(connection, RequestId.Read(ref reader), info),
            _ => throw new JsonException("A progress token is a number or a string."),
        };
    }

    public void Report(T value)
    {
        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginNotification(ProtocolMethods.Progress);
        writer.Json.WriteStartArray();
        token.WriteValue(writer.Json);
        JsonSerializer.Serialize(writer.Json, value, info);
        writer.Json.WriteEndArray();
        writer.End();
        if (!connection.Outbox.TryAppend(writer.Finish(), key: null))
        {
            connection.Options.Observer?.NotificationDropped(connection, ProtocolMethods.Progress);
        }
    }
}
