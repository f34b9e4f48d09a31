using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

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
