using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>The members of a request object as named arguments.</summary>
internal readonly struct RecordParams<T>(T value, JsonTypeInfo<T> info) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call) => writer.WriteNamedParams(value, info);
}
