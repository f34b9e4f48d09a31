namespace Net.Overlay.Membership;

/// <summary>Something that cannot be written as a certificate, list or invitation: a name that is no label, too many entries, host bits in a prefix.
/// The message says what and where.</summary>
public sealed class MembershipFormatException : FormatException
{
    /// <summary>An exception without a message of its own.</summary>
    public MembershipFormatException()
    {
    }

    /// <summary>An exception with its reason.</summary>
    public MembershipFormatException(string message) : base(message)
    {
    }

    /// <summary>An exception with its reason and cause.</summary>
    public MembershipFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
