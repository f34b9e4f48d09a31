using System.Text.Json;

namespace Net.Rpc.Calls;

/// <summary>Binds arguments one by one to declared parameters, by position or by name.</summary>
internal sealed class ParameterBinder(RpcParameter[] parameters) : ArgumentBinder<RpcArguments>
{
    public override RpcArguments Bind(ReadOnlySpan<byte> arguments, RpcConnection connection)
    {
        object?[] values = new object?[parameters.Length];
        bool[] seen = new bool[parameters.Length];
        if (!IsAbsent(arguments))
        {
            Read(arguments, KindOf(arguments) == JsonTokenType.StartArray, values, seen, connection);
        }

        for (int i = 0; i < seen.Length; i++)
        {
            if (!seen[i])
            {
                values[i] = parameters[i].IsOptional ? parameters[i].Default : throw Missing(parameters[i].Name);
            }
        }

        return new RpcArguments(parameters, values);
    }

    private void Read(ReadOnlySpan<byte> json, bool positional, object?[] values, bool[] seen, RpcConnection connection)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        int index = -1;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (positional)
            {
                index++;
                if (index >= parameters.Length)
                {
                    throw TooMany(parameters.Length);
                }
            }
            else
            {
                string name = reader.GetString()!;
                index = Array.FindIndex(parameters, parameter => parameter.Name == name);
                if (index < 0)
                {
                    throw Unknown(name);
                }

                reader.Read();
            }

            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            seen[index] = true;
            values[index] = ReadValue(parameters[index], json[start..(int)reader.BytesConsumed], connection);
        }
    }

    private static object? ReadValue(RpcParameter parameter, ReadOnlySpan<byte> json, RpcConnection connection)
    {
        try
        {
            return parameter.Read(json, connection);
        }
        catch (JsonException exception)
        {
            throw WrongValue(parameter.Name, exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw WrongValue(parameter.Name, null);
        }
    }
}
