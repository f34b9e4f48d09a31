using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What happens to a packet larger than the MTU of the interface it shall leave by.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayOversize>))]
public enum RelayOversize
{
    /// <summary>It is dropped, and counted under <see cref="RelayDrops.TooBig"/>.</summary>
    Drop,

    /// <summary>It is sent in fragments (RFC 791, RFC 8200 section 4.5), unless it forbids them. Needs an engine in user space.</summary>
    Fragment,
}
