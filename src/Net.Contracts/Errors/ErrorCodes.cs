namespace Net.Contracts;

/// <summary>What each <see cref="ErrorCode"/> becomes on the wire and at the command line.</summary>
public static class ErrorCodes
{
    // JSON-RPC 2.0 section 5.1 reserves -32768..-32000; ours stand outside that range.
    private const int FirstRpcCode = 1000;

    /// <summary>The JSON-RPC error code of <paramref name="code"/>.</summary>
    public static int ToRpcCode(ErrorCode code) => FirstRpcCode + (int)code;

    /// <summary>The <see cref="ErrorCode"/> behind a JSON-RPC error code; codes that are not ours count as <see cref="ErrorCode.Internal"/>,
    /// the protocol's own "invalid params" as <see cref="ErrorCode.InvalidArgument"/> and "method not found" as <see cref="ErrorCode.NotSupported"/>.</summary>
    public static ErrorCode FromRpcCode(int rpcCode) => rpcCode switch
    {
        >= FirstRpcCode and <= FirstRpcCode + (int)ErrorCode.ProtocolMismatch => (ErrorCode)(rpcCode - FirstRpcCode),
        -32602 => ErrorCode.InvalidArgument,
        -32601 => ErrorCode.NotSupported,
        _ => ErrorCode.Internal,
    };

    /// <summary>The exit code of the command line for <paramref name="code"/>: 1 failed, 2 bad arguments, 3 engine not reachable, 4 not permitted.</summary>
    public static int ToExitCode(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => 2,
        ErrorCode.Unavailable or ErrorCode.ProtocolMismatch => 3,
        ErrorCode.PermissionDenied => 4,
        _ => 1,
    };
}
