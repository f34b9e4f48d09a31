using System.Text.Json;

namespace Net.Rpc.Calls;

/// <summary>Makes the request of a handler from the <c>params</c> of a message; refuses with <see cref="RpcErrorCodes.InvalidParams"/>.</summary>
internal abstract class ArgumentBinder<TRequest>
{
    public abstract TRequest Bind(ReadOnlySpan<byte> arguments, RpcConnection connection);

    protected static RpcException Invalid(string message) => new(RpcErrorCodes.InvalidParams, message);

    protected static RpcException Missing(string name) => Invalid($"The argument '{name}' is required.");

    protected static RpcException Unknown(string name) => Invalid($"There is no argument named '{name}'.");

    protected static RpcException TooMany(int expected) => Invalid($"Too many arguments: the method takes {expected}.");

    protected static RpcException WrongValue(string name, JsonException? cause)
    {
        // The exception's own message names types; its path only names members.
        string path = cause?.Path is { Length: > 1 } where && where != "$." + name ? $" at {where}" : string.Empty;
        return Invalid($"The value of the argument '{name}' is not valid{path}.");
    }

    /// <summary>The kind of the params: an absent or null one counts as an empty array.</summary>
    protected static JsonTokenType KindOf(ReadOnlySpan<byte> parameters) => parameters.IsEmpty ? JsonTokenType.StartArray : parameters[0] switch
    {
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'n' => JsonTokenType.StartArray,
        _ => throw Invalid("The params are neither an array nor an object."),
    };

    protected static bool IsAbsent(ReadOnlySpan<byte> parameters) => parameters.IsEmpty || parameters[0] == 'n';
}
