using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>Writes the params of an outgoing message; a struct, so that sending allocates nothing for it.</summary>
internal interface IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call);
}
