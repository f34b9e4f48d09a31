using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What a rule does where two sources send the same stream. Other than <see cref="None"/> needs an engine in user space.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayDuplicates>))]
public enum RelayDuplicates
{
    /// <summary>Every packet is relayed.</summary>
    None,

    /// <summary>Of packets with the same content, told by RTP sequence number or a hash of the payload, the first is relayed, whoever sent it; the others are
    /// counted under <see cref="RelayDrops.Duplicate"/>.</summary>
    Suppress,

    /// <summary>One source is relayed; another takes over when it falls silent. Packets of the other are counted under <see cref="RelayDrops.Standby"/>.</summary>
    Standby,
}
