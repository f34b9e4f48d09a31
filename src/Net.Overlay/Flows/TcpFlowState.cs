namespace Net.Overlay.Flows;

/// <summary>How far a TCP connection is, as seen by somebody between its ends (RFC 9293, 3.3.2, made coarse).</summary>
public enum TcpFlowState : byte
{
    /// <summary>Not TCP.</summary>
    None,

    /// <summary>Packets went one way only.</summary>
    Opening,

    /// <summary>Both sides sent.</summary>
    Established,

    /// <summary>One side sent FIN or RST.</summary>
    Closing,
}
