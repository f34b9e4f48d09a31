namespace Net.Platform;

/// <summary>The datapath refused a rule set, or could not be asked.</summary>
public sealed class FirewallDatapathException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public FirewallDatapathException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public FirewallDatapathException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public FirewallDatapathException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception from what the datapath complained about.</summary>
    /// <param name="message">The message.</param>
    /// <param name="errors">The complaints.</param>
    public FirewallDatapathException(string message, IReadOnlyList<FirewallTextError> errors)
        : base(message) => Errors = errors;

    /// <summary>The single complaints, with the lines they are about; empty when the program itself failed.</summary>
    public IReadOnlyList<FirewallTextError> Errors { get; } = [];
}
