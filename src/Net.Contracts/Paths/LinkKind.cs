using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What kind of link an interface is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<LinkKind>))]
public enum LinkKind
{
    /// <summary>The kernel does not say.</summary>
    Unknown,

    /// <summary>A cable.</summary>
    Ethernet,

    /// <summary>IEEE 802.11.</summary>
    Wifi,

    /// <summary>A modem on a mobile network.</summary>
    Cellular,

    /// <summary>A tunnel device (TUN, TAP, WireGuard, IP in IP).</summary>
    Tunnel,

    /// <summary>A bridge of this host.</summary>
    Bridge,

    /// <summary>One end of a pair of virtual interfaces, or another virtual interface.</summary>
    Virtual,

    /// <summary>The loopback interface.</summary>
    Loopback,
}
