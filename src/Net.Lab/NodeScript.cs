using System.Globalization;
using System.Net;

namespace Net.Lab;

/// <summary>The lines for <c>ip -batch</c> and the kernel settings that make a namespace a node.</summary>
internal static class NodeScript
{
    public const string BridgeInterface = "br0";

    public static IEnumerable<string> Setup(LabTopology topology, LabNodeDefinition node)
    {
        yield return "link set dev lo up";
        if (node.Kind == LabNodeKind.Bridge)
        {
            // Without spanning tree and its delay a port forwards at once; without snooping IPv6 neighbour discovery needs no querier.
            yield return $"link add name {BridgeInterface} type bridge stp_state 0 forward_delay 0 mcast_snooping 0";
            yield return $"link set dev {BridgeInterface} up";
        }

        foreach ((LabLinkEnd end, LabLink link) in EndsOf(topology, node.Name))
        {
            string mtu = link.Mtu is { } value ? string.Create(CultureInfo.InvariantCulture, $" mtu {value}") : string.Empty;
            string master = node.Kind == LabNodeKind.Bridge ? $" master {BridgeInterface}" : string.Empty;
            yield return $"link set dev {end.Interface} up{mtu}{master}";
            foreach (string address in end.Addresses)
            {
                yield return Address(end.Interface, address);
            }
        }

        foreach (LabRoute route in node.Routes)
        {
            yield return Route("replace", route);
        }
    }

    /// <summary>Puts back what the kernel drops from an interface that goes down.</summary>
    public static IEnumerable<string> Restore(LabTopology topology, LabNodeDefinition node, string @interface)
    {
        LabLinkEnd[] ends = [.. EndsOf(topology, node.Name).Select(pair => pair.End).Where(end => end.Interface == @interface)];
        IEnumerable<string> addresses = ends.SelectMany(end => end.Addresses).Select(address => Address(@interface, address));
        IEnumerable<string> routes = node.Routes.Where(route => UsesInterface(route, ends)).Select(route => Route("replace", route));
        return addresses.Concat(routes);
    }

    public static string Address(string @interface, string address) =>
        // No duplicate address detection: it would keep IPv6 addresses unusable for a second.
        $"addr replace {address} dev {@interface}{(address.Contains(':') ? " nodad" : string.Empty)}";

    public static string Route(string verb, LabRoute route)
    {
        string to = route.To == "default" ? (route.Via!.Contains(':') ? "::/0" : "0.0.0.0/0") : route.To;
        string via = route.Via is null ? string.Empty : $" via {route.Via}";
        string device = route.Interface is null ? string.Empty : $" dev {route.Interface}";
        string metric = route.Metric is { } value ? string.Create(CultureInfo.InvariantCulture, $" metric {value}") : string.Empty;
        return $"route {verb} {to}{via}{device}{metric}";
    }

    public static Dictionary<string, string> Sysctls(LabNodeDefinition node)
    {
        bool forwards = node.Kind is LabNodeKind.Router or LabNodeKind.Nat;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // A new namespace copies some of these from the host: say all that a lab depends on.
            ["net.ipv4.ip_forward"] = forwards ? "1" : "0",
            ["net.ipv4.conf.all.rp_filter"] = "0",
            ["net.ipv4.conf.default.rp_filter"] = "0",
        };
        if (node.Kind == LabNodeKind.Nat)
        {
            settings["net.ipv4.conf.all.send_redirects"] = "0";
            settings["net.ipv4.conf.default.send_redirects"] = "0";
        }

        if (Directory.Exists("/proc/sys/net/ipv6"))
        {
            settings["net.ipv6.conf.all.forwarding"] = forwards ? "1" : "0";
            foreach (string scope in (string[])["all", "default"])
            {
                settings[$"net.ipv6.conf.{scope}.disable_ipv6"] = "0";
                settings[$"net.ipv6.conf.{scope}.accept_dad"] = "0";
                settings[$"net.ipv6.conf.{scope}.accept_ra"] = "0";
            }
        }

        foreach ((string name, string value) in node.Sysctls)
        {
            settings[name] = value;
        }

        return settings;
    }

    public static IEnumerable<(LabLinkEnd End, LabLink Link)> EndsOf(LabTopology topology, string node)
    {
        foreach (LabLink link in topology.Links)
        {
            if (link.A.Node == node)
            {
                yield return (link.A, link);
            }

            if (link.B.Node == node)
            {
                yield return (link.B, link);
            }
        }
    }

    /// <summary>Whether an address lies in the network of an interface address such as <c>192.0.2.1/24</c>.</summary>
    public static bool IsOnLink(IPAddress address, string interfaceAddress)
    {
        int slash = interfaceAddress.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(interfaceAddress[..slash], out IPAddress? own) || own.AddressFamily != address.AddressFamily)
        {
            return false;
        }

        byte[] a = own.GetAddressBytes();
        byte[] b = address.GetAddressBytes();
        int bits = int.Parse(interfaceAddress[(slash + 1)..], CultureInfo.InvariantCulture);
        for (int i = 0; i < a.Length && bits > 0; i++, bits -= 8)
        {
            int mask = bits >= 8 ? 0xFF : 0xFF00 >> bits & 0xFF;
            if ((a[i] & mask) != (b[i] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static bool UsesInterface(LabRoute route, LabLinkEnd[] ends) =>
        ends.Any(end => route.Interface is { } name
            ? name == end.Interface
            : route.Via is { } via && end.Addresses.Any(address => IsOnLink(IPAddress.Parse(via), address)));
}
