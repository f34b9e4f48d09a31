namespace Net.Relay;

/// <summary>Whose sequence numbers a payload has.</summary>
public enum SequenceKind : byte
{
    /// <summary>RTP, RFC 3550.</summary>
    Rtp,

    /// <summary>Continuity counters of MPEG-TS, ISO/IEC 13818-1.</summary>
    MpegTs,

    /// <summary>Our own generator's.</summary>
    Generator,
}
