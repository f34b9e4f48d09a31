using System.Text.Json.Serialization;

namespace Net.Lab;

/// <summary>How a NAT maps and filters UDP, in the words of RFC 4787. Other protocols are masqueraded as Linux does it by itself.</summary>
/// <remarks>
/// <para>Linux connection tracking keeps one translation per flow, keeps the source port where it can, and lets nothing in that is not a reply.
/// Left alone (<see cref="Masquerade"/>) this looks endpoint-independent until two hosts behind it use the same port.</para>
/// <para>The endpoint-independent kinds add the missing memory: after each translation an nftables rule writes inside endpoint and outside port
/// into maps, a later flow of the same inside endpoint is translated by the map, and a new endpoint whose port is taken gets a random one.
/// Entries live for five minutes after the last packet that opened or continued a flow from inside. What the filter lets in is sent to the
/// inside endpoint by the reverse map.</para>
/// <para>These kinds drop unsolicited UDP and TCP to the NAT itself. Without that the kernel would track such a packet as a flow of its own,
/// and the answer from inside would be moved to another port, which no home router does. ICMP is answered.</para>
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<NatKind>))]
public enum NatKind
{
    /// <summary>Plain nftables <c>masquerade</c> and nothing else: the port is kept where it is free; only replies come in; packets to the router itself are accepted.</summary>
    [JsonStringEnumMemberName("masquerade")]
    Masquerade,

    /// <summary>Endpoint-independent mapping and filtering ("full cone"): anybody may send to a mapped port.</summary>
    [JsonStringEnumMemberName("endpoint-independent")]
    EndpointIndependent,

    /// <summary>Endpoint-independent mapping, address-dependent filtering ("restricted cone"): a host that was sent to may answer from any port.</summary>
    [JsonStringEnumMemberName("address-dependent-filtering")]
    AddressDependentFiltering,

    /// <summary>Endpoint-independent mapping, address- and port-dependent filtering ("port-restricted cone"): only the endpoint that was sent to may answer.</summary>
    [JsonStringEnumMemberName("address-and-port-dependent-filtering")]
    AddressAndPortDependentFiltering,

    /// <summary>Address- and port-dependent mapping and filtering ("symmetric"): <c>masquerade fully-random</c>, a random port for every flow.</summary>
    [JsonStringEnumMemberName("address-and-port-dependent-mapping")]
    AddressAndPortDependentMapping,
}
