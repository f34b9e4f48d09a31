using System.Text.Json;

namespace Net.Rpc;

/// <summary>
/// An error that travels over the wire as it is. A handler throws it to choose code, message and data; a caller receives it
/// when the peer answered with an error.
/// </summary>
public sealed class RpcException : Exception
{
    /// <summary>Creates a plain server error with a general message.</summary>
    public RpcException()
        : this(RpcErrorCodes.ServerError, "The request failed.")
    {
    }

    /// <summary>Creates a plain server error.</summary>
    /// <param name="message">What the caller reads.</param>
    public RpcException(string message)
        : this(RpcErrorCodes.ServerError, message)
    {
    }

    /// <summary>Creates a plain server error with an inner exception, which never leaves the process.</summary>
    /// <param name="message">What the caller reads.</param>
    /// <param name="innerException">The cause, for the local log only.</param>
    public RpcException(string message, Exception innerException)
        : base(message, innerException)
    {
        Code = RpcErrorCodes.ServerError;
    }

    /// <summary>Creates an error with its own code and data.</summary>
    /// <param name="code">One of <see cref="RpcErrorCodes"/> or a code of the application.</param>
    /// <param name="message">What the caller reads.</param>
    /// <param name="data">Structured details, or null for none.</param>
    public RpcException(int code, string message, JsonElement? data = null)
        : base(message)
    {
        Code = code;
        ErrorData = data;
    }

    /// <summary>The error code.</summary>
    public int Code { get; }

    /// <summary>The structured details, if the error has any.</summary>
    public JsonElement? ErrorData { get; }
}
