using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The closed set of ways a request can fail. Every error on the wire carries one; PowerShell categories, CLI exit codes
/// and HTTP status follow from it by one table, <see cref="ErrorCodes"/>.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ErrorCode>))]
public enum ErrorCode
{
    /// <summary>The thing named does not exist.</summary>
    NotFound,

    /// <summary>A thing of that name exists already.</summary>
    AlreadyExists,

    /// <summary>An argument, or the combination of arguments, is not usable.</summary>
    InvalidArgument,

    /// <summary>The caller's role does not allow the operation.</summary>
    PermissionDenied,

    /// <summary>This engine, kernel or platform cannot do it.</summary>
    NotSupported,

    /// <summary>The state changed meanwhile, or another operation has to end first.</summary>
    Conflict,

    /// <summary>The operation did not end in the time given.</summary>
    Timeout,

    /// <summary>The engine, or something it needs, cannot be reached now.</summary>
    Unavailable,

    /// <summary>A fault in the engine itself.</summary>
    Internal,

    /// <summary>Client and engine speak incompatible versions of the protocol.</summary>
    ProtocolMismatch,
}
