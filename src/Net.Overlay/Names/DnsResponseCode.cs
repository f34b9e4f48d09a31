namespace Net.Overlay.Names;

/// <summary>How a question was answered (RFC 1035, 4.1.1; RFC 6891, 9).</summary>
public enum DnsResponseCode
{
    /// <summary>Answered, perhaps with nothing.</summary>
    NoError = 0,

    /// <summary>The question could not be read.</summary>
    FormatError = 1,

    /// <summary>There is no such name.</summary>
    NameError = 3,

    /// <summary>Not a kind of question that is answered here.</summary>
    NotImplemented = 4,

    /// <summary>Not a name that is answered for here.</summary>
    Refused = 5,

    /// <summary>A version of EDNS that is not known; its upper bits stand in the OPT record.</summary>
    BadVersion = 16,
}
