using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Whose sequence numbers a payload carries.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelaySequenceFormat>))]
public enum RelaySequenceFormat
{
    /// <summary>RTP (RFC 3550), per SSRC.</summary>
    Rtp,

    /// <summary>Continuity counters of MPEG-TS (ISO/IEC 13818-1), per PID; they count modulo 16, so a loss of 16 packets is not seen.</summary>
    MpegTs,

    /// <summary>This product's generator (<c>netmod traffic send</c>, Measure-RelayPath).</summary>
    Generator,
}
