using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

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
