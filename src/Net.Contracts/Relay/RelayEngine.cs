using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What moves the packets of a rule.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RelayEngine>))]
public enum RelayEngine
{
    /// <summary>The best that can do what the rule needs on this host; the rule says which and why.</summary>
    Auto,

    /// <summary>An XDP program in the driver. Fastest; needs a driver with native XDP and a sender on another host.</summary>
    Xdp,

    /// <summary>An eBPF program at the tcx hook, on any device. Needs Linux 6.6, CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN.</summary>
    Tcx,

    /// <summary>A worker without privileges on packet rings (AF_PACKET) the engine opened. Needs CAP_NET_RAW of the engine, none of the worker.</summary>
    Packet,

    /// <summary>A worker without privileges on UDP sockets. Needs no capability; keeps no headers: source and DSCP are what its sockets say.</summary>
    Socket,
}
