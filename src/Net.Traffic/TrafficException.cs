namespace Net.Traffic;

/// <summary>Traffic could not be sent or received: the plan is not usable, an interface is missing, or the kernel refused a step. The message says which, and what to do.</summary>
public sealed class TrafficException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public TrafficException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public TrafficException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public TrafficException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
