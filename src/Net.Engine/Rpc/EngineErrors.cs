using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Rpc;

namespace Net.Engine.Rpc;

/// <summary>Turns failures into what the caller sees. Nothing but catalogue entries leaves the process.</summary>
internal static class EngineErrors
{
    /// <summary>The error of an exception.</summary>
    public static RpcException ToRpc(Exception exception) => exception switch
    {
        RpcException known => known,
        EngineException engine => ToRpc(engine),
        TimeoutException => ToRpc(new EngineException(ErrorCatalogue.OperationTimedOut, "The operation did not end in time.")),
        _ => ToRpc(new EngineException(ErrorCatalogue.InternalFault, "The engine failed at this call; its log says where.")),
    };

    /// <summary>The error of a failure the catalogue names.</summary>
    public static RpcException ToRpc(EngineException exception) =>
        new(ErrorCodes.ToRpcCode(exception.Code), exception.Message, JsonSerializer.SerializeToElement(exception.ToData(), ContractsJsonContext.Wire.EngineErrorData));
}
