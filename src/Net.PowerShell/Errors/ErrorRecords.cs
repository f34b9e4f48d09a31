using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Errors;

/// <summary>What a failure of the engine becomes in PowerShell. This is the only place that knows.</summary>
internal static class ErrorRecords
{
    /// <summary>The category of each code.</summary>
    public static ErrorCategory CategoryOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorCode.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorCode.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorCode.NotSupported => ErrorCategory.NotImplemented,
        ErrorCode.Conflict => ErrorCategory.ResourceBusy,
        ErrorCode.Timeout => ErrorCategory.OperationTimeout,
        ErrorCode.Unavailable => ErrorCategory.ConnectionError,
        ErrorCode.ProtocolMismatch => ErrorCategory.ProtocolError,
        _ => ErrorCategory.InvalidResult,
    };

    /// <summary>Whether no further object of the pipeline could succeed either.</summary>
    public static bool EndsThePipeline(EngineException exception) =>
        exception.Code == ErrorCode.ProtocolMismatch
        || exception.ErrorId == ErrorCatalogue.EngineNotReachable.Id
        || exception.ErrorId == ErrorCatalogue.SocketNotPermitted.Id
        || exception.ErrorId == ErrorCatalogue.EngineStopping.Id;

    /// <summary>The record of a failure. Its target is what the user passed.</summary>
    public static ErrorRecord From(EngineException exception, object? target)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new ErrorRecord(exception, exception.ErrorId, CategoryOf(exception.Code), exception.Target ?? target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.RecommendedAction ?? string.Empty },
        };
    }
}
