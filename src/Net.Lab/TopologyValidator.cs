using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Net.Lab;

/// <summary>Finds what is wrong with a topology. What passes can be written into command input as it stands.</summary>
internal static partial class TopologyValidator
{
    public const int LongestName = 40;

    public static List<string> Validate(LabTopology topology)
    {
        List<string> errors = [];
        Require(errors, IsName(topology.Name), $"The topology name '{topology.Name}' is not made of up to {LongestName} lower-case letters, digits and dashes.");
        Require(errors, topology.Nodes.Count > 0, "The topology has no nodes.");
        if (topology.Nodes.Contains(null!) || topology.Links.Contains(null!))
        {
            return [.. errors, "A node or link is null."];
        }

        foreach (IGrouping<string, LabNodeDefinition> same in topology.Nodes.GroupBy(node => node.Name).Where(group => group.Count() > 1))
        {
            errors.Add($"The node '{same.Key}' is there {same.Count()} times.");
        }

        var nodes = topology.Nodes.DistinctBy(node => node.Name).ToDictionary(node => node.Name, StringComparer.Ordinal);
        foreach (LabLink link in topology.Links)
        {
            CheckLink(errors, nodes, link);
        }

        foreach (var same in topology.Links.SelectMany(link => (LabLinkEnd[])[link.A, link.B]).GroupBy(end => (end.Node, end.Interface)).Where(group => group.Count() > 1))
        {
            errors.Add($"The node '{same.Key.Node}' has {same.Count()} links named '{same.Key.Interface}'.");
        }

        foreach (LabNodeDefinition node in topology.Nodes)
        {
            CheckNode(errors, topology, node);
        }

        return errors;
    }

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>What is wrong with an interface's name, or null.</summary>
    public static string? InterfaceError(string name) =>
        InterfacePattern().IsMatch(name) ? null : $"'{name}' is not an interface name of letters, digits, '_' and '-', at most 15.";

    /// <summary>What is wrong with an interface address, or null.</summary>
    public static string? AddressError(string address)
    {
        string[] parts = address.Split('/');
        bool valid = parts.Length == 2
            && IsPlainAddress(parts[0], out IPAddress? ip)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length <= (ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return valid ? null : $"'{address}' is not an address with prefix length, such as 192.0.2.1/24.";
    }

    /// <summary>What is wrong with a route by itself, or null.</summary>
    public static string? RouteError(LabRoute route)
    {
        IPAddress? via = null;
        if (route.Via is not null && !IsPlainAddress(route.Via, out via))
        {
            return $"The gateway '{route.Via}' of the route to '{route.To}' is not an address.";
        }

        if (route.To == "default")
        {
            if (via is null)
            {
                return "A default route needs a gateway ('via'); to route onto an interface write 0.0.0.0/0 or ::/0.";
            }
        }
        else if (!PrefixCharacters().IsMatch(route.To)
            || !IPNetwork.TryParse(route.To, out IPNetwork to)
            || !to.BaseAddress.Equals(IPAddress.Parse(route.To.AsSpan(0, route.To.IndexOf('/', StringComparison.Ordinal)))))
        {
            return $"The destination '{route.To}' is neither 'default' nor a prefix without host bits, such as 10.0.0.0/8.";
        }
        else if (via is not null && via.AddressFamily != to.BaseAddress.AddressFamily)
        {
            return $"The route to '{route.To}' has a gateway of the other address family, '{route.Via}'.";
        }

        return via is null && route.Interface is null ? $"The route to '{route.To}' has neither a gateway nor an interface."
            : route.Interface is not null && !InterfacePattern().IsMatch(route.Interface) ? InterfaceError(route.Interface)
            : route.Metric < 0 ? $"The metric {route.Metric} of the route to '{route.To}' is negative."
            : null;
    }

    private static void CheckLink(List<string> errors, Dictionary<string, LabNodeDefinition> nodes, LabLink link)
    {
        foreach (LabLinkEnd end in (LabLinkEnd[])[link.A, link.B])
        {
            string where = $"The link end {end.Node}/{end.Interface}";
            bool known = nodes.TryGetValue(end.Node, out LabNodeDefinition? node);
            Require(errors, known, $"{where} names a node that is not there.");
            Require(errors, InterfacePattern().IsMatch(end.Interface) && end.Interface is not "lo", $"{where} has an interface name that the kernel or this library does not take (letters, digits, '_', '-', at most 15).");
            bool bridge = node?.Kind == LabNodeKind.Bridge;
            Require(errors, !(bridge && end.Interface == NodeScript.BridgeInterface), $"{where} has the name of the bridge itself.");
            Require(errors, !(bridge && end.Addresses.Count > 0), $"{where} is a port of a bridge and cannot have addresses.");
            errors.AddRange(end.Addresses.Select(AddressError).OfType<string>().Select(error => $"{where}: {error}"));
            int least = end.Addresses.Any(address => address.Contains(':')) ? 1280 : 68;
            Require(errors, link.Mtu is null or (>= 68 and <= 65535) && !(link.Mtu < least), $"{where} has the MTU {link.Mtu}; it must be {least} to 65535.");
        }
    }

    private static void CheckNode(List<string> errors, LabTopology topology, LabNodeDefinition node)
    {
        string where = $"The node '{node.Name}'";
        Require(errors, IsName(node.Name), $"{where} has a name that is not made of up to {LongestName} lower-case letters, digits and dashes.");
        LabLinkEnd[] ends = [.. NodeScript.EndsOf(topology, node.Name).Select(pair => pair.End)];
        Require(errors, node.Kind != LabNodeKind.Bridge || node.Routes.Count == 0, $"{where} is a bridge and cannot have routes.");
        foreach (LabRoute route in node.Routes)
        {
            if (RouteError(route) is { } error)
            {
                errors.Add($"{where}: {error}");
                continue;
            }

            Require(errors, route.Interface is null || ends.Any(end => end.Interface == route.Interface), $"{where} routes '{route.To}' onto '{route.Interface}', which is none of its links.");
            Require(errors, route.Via is null || IsReachable(IPAddress.Parse(route.Via), route.Interface, ends), $"{where} routes '{route.To}' by {route.Via}, which is in none of the networks on that side.");
        }

        foreach ((string name, string value) in node.Sysctls)
        {
            Require(errors, SysctlPattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal), $"{where} sets '{name}', which is not a kernel setting below 'net.'.");
            Require(errors, SysctlValue().IsMatch(value), $"{where} sets '{name}' to a value that is not made of letters, digits, blanks and '-_.,/'.");
        }

        CheckNat(errors, node, ends, where);
    }

    private static void CheckNat(List<string> errors, LabNodeDefinition node, LabLinkEnd[] ends, string where)
    {
        Require(errors, node.Kind == LabNodeKind.Nat == node.Nat is not null, node.Nat is null ? $"{where} is a NAT without 'nat'." : $"{where} has 'nat' but is not a NAT.");
        if (node.Nat is not { } nat)
        {
            return;
        }

        Require(errors, nat.Outside.Count > 0, $"{where} has a NAT without an outside interface.");
        foreach (string outside in nat.Outside)
        {
            Require(errors, ends.Any(end => end.Interface == outside), $"{where} names '{outside}' as outside, which is none of its links.");
        }

        if (nat.Hairpin)
        {
            bool remembers = nat.Kind is NatKind.EndpointIndependent or NatKind.AddressDependentFiltering or NatKind.AddressAndPortDependentFiltering;
            Require(errors, remembers, $"{where} asks for hairpinning, which only the endpoint-independent mappings have.");
            Require(errors, nat.Outside.Count == 1, $"{where} asks for hairpinning with {nat.Outside.Count} outside interfaces; it works with one.");
            Require(errors, NatRuleset.OutsideAddress(nat, ends) is not null, $"{where} asks for hairpinning, but its outside interface has no IPv4 address.");
        }
    }

    private static bool IsReachable(IPAddress via, string? @interface, LabLinkEnd[] ends) =>
        via.IsIPv6LinkLocal ? @interface is not null
            : ends.Where(end => @interface is null || end.Interface == @interface)
                .Any(end => end.Addresses.Any(address => AddressError(address) is null && NodeScript.IsOnLink(via, address)));

    // No scope ids, no octal or single-number forms: what ip would read otherwise than .NET does.
    private static bool IsPlainAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !text.Contains('%') && !text.Contains('['));

    private static void Require(List<string> errors, bool condition, string error)
    {
        if (!condition)
        {
            errors.Add(error);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_-]{0,14}\z")]
    private static partial Regex InterfacePattern();

    [GeneratedRegex(@"\A[0-9a-fA-F.:]+/[0-9]{1,3}\z")]
    private static partial Regex PrefixCharacters();

    [GeneratedRegex(@"\Anet\.[a-zA-Z0-9_./-]+\z")]
    private static partial Regex SysctlPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9 \t_.,/-]*\z")]
    private static partial Regex SysctlValue();
}
