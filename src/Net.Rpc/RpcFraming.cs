namespace Net.Rpc;

/// <summary>How messages are told apart on the stream.</summary>
public enum RpcFraming
{
    /// <summary><c>Content-Length: N</c>, an empty line, then N bytes of JSON. The default, and what editors speak.</summary>
    Header = 0,

    /// <summary>Four bytes of length, big endian, then the JSON.</summary>
    LengthHeader,

    /// <summary>One message on each line.</summary>
    NewLine,
}
