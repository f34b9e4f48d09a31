using System.Globalization;
using System.Net;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Asks the kernel which way packets go, each question once. Used by one thread for one call of the API.</summary>
/// <param name="routes">The kernel; null where it cannot be asked.</param>
/// <param name="addresses">Names of interfaces.</param>
internal sealed class FlowRouter(IRouteLookup? routes, HostAddresses addresses)
{
    private readonly Dictionary<RouteQuery, RouteAnswer> _answers = [];

    /// <summary>The way of a packet of this host.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="source">Its source; null for the one this host would take.</param>
    /// <param name="destination">Its destination.</param>
    /// <param name="outputInterface">The interface it must leave by; null for any.</param>
    /// <returns>The way; null where the kernel cannot be asked.</returns>
    public RouteAnswer? Out(in FlowPacket packet, IPAddress? source, IPAddress destination, string? outputInterface) =>
        Ask(Query(packet, source, destination) with { UserId = packet.User, OutputInterface = outputInterface is null ? null : addresses.IndexOf(outputInterface) });

    /// <summary>The way of a packet that came in.</summary>
    /// <param name="packet">The packet, its destination translated already.</param>
    /// <param name="inputInterface">Index of the interface it came in by.</param>
    /// <returns>The way; null where the kernel cannot be asked.</returns>
    public RouteAnswer? In(in FlowPacket packet, int inputInterface) => Ask(Query(packet, packet.SourceAddress, packet.DestinationAddress) with { InputInterface = inputInterface });

    /// <summary>The interface packets to an address would leave by, so the one its own packets come in by.</summary>
    /// <param name="source">The address.</param>
    /// <returns>Its name; null where no way is known.</returns>
    public string? Towards(IPAddress source) => addresses.NameOf(Ask(new RouteQuery { Destination = source })?.OutputInterface);

    /// <summary>Whether no route to an address goes out by an interface; null where that is not known.</summary>
    /// <param name="source">The address.</param>
    /// <param name="inputInterface">The interface.</param>
    public bool? IsReversePathMissing(IPAddress source, string? inputInterface)
    {
        if (inputInterface is null || addresses.IndexOf(inputInterface) is not { } index || Ask(new RouteQuery { Destination = source }) is not { } best)
        {
            return null;
        }

        if (best.IsReachable && best.OutputInterface == index)
        {
            return false;
        }

        // Told to use an interface, the kernel takes a destination without a route for attached; such an answer names no table.
        return Ask(new RouteQuery { Destination = source, OutputInterface = index }) is not { IsReachable: true, Table: > 0, Prefix: not null } by || by.OutputInterface != index;
    }

    /// <summary>A way in words.</summary>
    /// <param name="answer">The way; null for one that is not known.</param>
    public string? Describe(RouteAnswer? answer)
    {
        if (answer is null)
        {
            return null;
        }

        if (!answer.IsReachable)
        {
            return $"none: {answer.Reason ?? "there is no route"}";
        }

        if (answer.Type is not (RouteType.Unicast or RouteType.Anycast))
        {
            return answer.Type == RouteType.Local ? "to this host" : $"to this host ({answer.Type.ToString().ToLowerInvariant()})";
        }

        string prefix = answer.Prefix is { } network ? $"{(network.PrefixLength == 0 ? "default" : network.ToString())} " : string.Empty;
        string gateway = answer.Gateway is { } hop ? $"via {hop} " : string.Empty;
        string table = answer.Table is 0 or RouteTables.Main ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", table {answer.Table}");
        return $"{prefix}{gateway}by {addresses.NameOf(answer.OutputInterface)}{table}";
    }

    private static RouteQuery Query(in FlowPacket packet, IPAddress? source, IPAddress destination)
    {
        bool hasPorts = RuleProtocol.FromNumber(packet.Protocol).HasPorts;
        return new RouteQuery
        {
            Destination = destination,
            Source = source,
            Mark = packet.Mark,
            Protocol = packet.Protocol is 1 or 6 or 17 or 58 ? packet.Protocol : null,
            SourcePort = hasPorts && packet.Protocol != 132 ? packet.SourcePort : null,
            DestinationPort = hasPorts && packet.Protocol != 132 ? packet.DestinationPort : null,
            TypeOfService = (byte)(packet.Dscp << 2),
        };
    }

    private RouteAnswer? Ask(RouteQuery query)
    {
        if (routes is null)
        {
            return null;
        }

        if (!_answers.TryGetValue(query, out RouteAnswer? answer))
        {
            answer = routes.Lookup(query);
            _answers[query] = answer;
        }

        return answer;
    }
}
