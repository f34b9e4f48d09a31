using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>The kernel refused something of eBPF.</summary>
public sealed class BpfException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public BpfException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public BpfException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public BpfException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception from an errno.</summary>
    /// <param name="step">The step that failed.</param>
    /// <param name="errorNumber">The errno.</param>
    /// <param name="verifierLog">What the verifier wrote; empty when it wrote nothing.</param>
    public BpfException(string step, int errorNumber, string verifierLog = "")
        : base($"{step}: {Libc.Describe(errorNumber)} (errno {errorNumber})")
    {
        ErrorNumber = errorNumber;
        VerifierLog = verifierLog;
    }

    /// <summary>The errno; 0 when there was none.</summary>
    public int ErrorNumber { get; }

    /// <summary>What the verifier wrote about a program it refused; empty for other steps. The end of it names the instruction.</summary>
    public string VerifierLog { get; } = "";

    /// <summary>Whether a capability is missing.</summary>
    public bool IsDenied => ErrorNumber is Libc.EPERM or Libc.EACCES && VerifierLog.Length == 0;
}
