namespace Net.Lab;

/// <summary>A lab could not do what it was asked; the message says what and why.</summary>
public class LabException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LabException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public LabException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
