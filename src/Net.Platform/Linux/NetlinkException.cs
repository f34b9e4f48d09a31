using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A netlink request failed, or what came back made no sense.</summary>
public sealed class NetlinkException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public NetlinkException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public NetlinkException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public NetlinkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception from an errno.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="errorNumber">The errno.</param>
    /// <param name="kernelMessage">The kernel's own words, if any.</param>
    public NetlinkException(string step, int errorNumber, string? kernelMessage = null)
        : base(kernelMessage is null
            ? $"{step}: {Libc.Describe(errorNumber)} (errno {errorNumber})"
            : $"{step}: {Libc.Describe(errorNumber)} (errno {errorNumber}): {kernelMessage}")
    {
        ErrorNumber = errorNumber;
        KernelMessage = kernelMessage;
    }

    /// <summary>The errno; 0 when the message was malformed.</summary>
    public int ErrorNumber { get; }

    /// <summary>The kernel's own words (extended acknowledgement); null when it had none.</summary>
    public string? KernelMessage { get; }
}
