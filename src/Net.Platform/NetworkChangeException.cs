namespace Net.Platform;

/// <summary>The kernel refused a change.</summary>
public sealed class NetworkChangeException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public NetworkChangeException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public NetworkChangeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public NetworkChangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception for one refused change.</summary>
    /// <param name="attempted">What was tried.</param>
    /// <param name="errorNumber">The errno.</param>
    /// <param name="kernelMessage">The kernel's own words, if it had any.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="innerException">The cause.</param>
    public NetworkChangeException(string attempted, int errorNumber, string? kernelMessage, string message, Exception innerException)
        : base(message, innerException)
    {
        Attempted = attempted;
        ErrorNumber = errorNumber;
        KernelMessage = kernelMessage;
    }

    /// <summary>What was tried, such as "add route 10.1.0.0/16 via 10.0.0.1".</summary>
    public string Attempted { get; } = "";

    /// <summary>The errno, such as 17 (EEXIST), 3 (ESRCH: no such route) or 101 (ENETUNREACH).</summary>
    public int ErrorNumber { get; }

    /// <summary>The kernel's own words (extended acknowledgement); null when it had none.</summary>
    public string? KernelMessage { get; }
}
