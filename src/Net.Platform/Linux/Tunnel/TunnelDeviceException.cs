using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A TUN device could not be made, or is no longer there.</summary>
public sealed class TunnelDeviceException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public TunnelDeviceException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public TunnelDeviceException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public TunnelDeviceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception from an errno.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="errorNumber">The errno.</param>
    /// <param name="isGone">Whether the device was deleted.</param>
    public TunnelDeviceException(string step, int errorNumber, bool isGone = false)
        : base($"{step}: {Libc.Describe(errorNumber)} (errno {errorNumber})")
    {
        ErrorNumber = errorNumber;
        IsGone = isGone;
    }

    /// <summary>The errno; 0 when there was none.</summary>
    public int ErrorNumber { get; }

    /// <summary>True when the device was deleted under us: a new one must be made, this one never comes back.</summary>
    public bool IsGone { get; }
}
