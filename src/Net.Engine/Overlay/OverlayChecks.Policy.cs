using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay;

/// <content>Routes, groups, rules and what they refer to.</content>
internal static partial class OverlayChecks
{
    private static void CheckRoutes(OverlaySettings overlay, string place, ICollection<ConfigurationProblem> problems)
    {
        if (overlay.Routes.Length > MaxRoutes)
        {
            Add(problems, $"{place}.routes", $"There are {overlay.Routes.Length} routes; at most {MaxRoutes} are taken.");
        }

        var targets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < overlay.Routes.Length; index++)
        {
            OverlayRoute route = overlay.Routes[index];
            string at = $"{place}.routes[{index}]";
            if (!OverlayNumbers.IsPrefix(route.Prefix))
            {
                Add(problems, $"{at}.prefix", $"{route.Prefix} is a range; a route leads to a prefix such as 10.0.0.0/8.");
                continue;
            }

            if (route.Peer is { } peer && !Knows(overlay, peer))
            {
                Add(problems, $"{at}.peer", $"The route to {route.Prefix} leads to '{peer}', which is no peer of overlay '{overlay.Name}'.");
            }

            if (route is { Peer: not null, Masquerade: true })
            {
                Add(problems, $"{at}.masquerade", $"The route to {route.Prefix} leads to a peer; only the gateway itself can translate addresses.");
            }

            if (!targets.Add($"{OverlayNumbers.ToNetwork(route.Prefix)} {route.Peer}"))
            {
                problems.Add(new ConfigurationProblem(at, ErrorCatalogue.OverlayRouteExists.Id, $"Two routes of overlay '{overlay.Name}' lead to {route.Prefix} by {route.Peer ?? "this node"}."));
            }
        }

        if (overlay.ExitNode is { } exit && !Knows(overlay, exit))
        {
            Add(problems, $"{place}.exitNode", $"The exit node '{exit}' is no peer of overlay '{overlay.Name}'.");
        }

        if (overlay.ExitNode is { } named && overlay.NetworkKey is null && overlay.Peers.Any(peer => Same(peer.Name, named) && !peer.IsExitNode))
        {
            Add(problems, $"{place}.exitNode", $"Peer '{named}' may not be an exit node; set its isExitNode.");
        }

        foreach (string hub in overlay.Hubs.Where(hub => !IsName(hub, Labels.MaxCharacters)))
        {
            Add(problems, $"{place}.hubs", $"'{hub}' cannot be the name of a node.");
        }

        if (overlay is { Topology: OverlayTopology.HubAndSpoke, Hubs.Length: 0 })
        {
            Add(problems, $"{place}.hubs", $"The topology of overlay '{overlay.Name}' is hub and spoke, but it has no hubs.");
        }
    }

    private static void CheckPolicy(OverlaySettings overlay, string place, ICollection<ConfigurationProblem> problems)
    {
        if (overlay.Policy.Length > MaxRules)
        {
            Add(problems, $"{place}.policy", $"There are {overlay.Policy.Length} rules; at most {MaxRules} are taken.");
        }

        var groups = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < overlay.Groups.Length; index++)
        {
            OverlayGroup group = overlay.Groups[index];
            if (!IsName(group.Name, Labels.MaxCharacters) || !groups.Add(group.Name))
            {
                Add(problems, $"{place}.groups[{index}].name", $"'{group.Name}' cannot be the name of a group, or another group has it.");
            }

            foreach (string member in group.Members.Where(member => !IsWord(overlay, member, isMember: true)))
            {
                Add(problems, $"{place}.groups[{index}].members", $"'{member}' in group '{group.Name}' is neither a peer of overlay '{overlay.Name}', 'self', nor group:NAME.");
            }
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < overlay.Policy.Length; index++)
        {
            OverlayPolicyRule rule = overlay.Policy[index];
            string at = $"{place}.policy[{index}]";
            if (string.IsNullOrWhiteSpace(rule.Name) || rule.Name.Length > 128 || rule.Name.AsSpan().ContainsAny('*', '?'))
            {
                Add(problems, $"{at}.name", "A rule needs a name of 1 to 128 characters without * and ?.");
            }

            if (!names.Add(rule.Name))
            {
                problems.Add(new ConfigurationProblem($"{at}.name", ErrorCatalogue.OverlayPolicyExists.Id, $"Two rules of overlay '{overlay.Name}' are named '{rule.Name}'."));
            }

            if (rule.From.Length == 0 || rule.To.Length == 0)
            {
                Add(problems, at, $"Rule '{rule.Name}' needs somebody to open the connection and somebody to reach; * is everybody.");
            }

            foreach (string word in rule.From.Concat(rule.To).Where(word => !IsWord(overlay, word, isMember: false)))
            {
                Add(problems, at, $"'{word}' in rule '{rule.Name}' is neither a peer of overlay '{overlay.Name}', 'self', group:NAME, a prefix, nor *.");
            }

            if (rule.Port.Length > 0 && rule.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp))
            {
                Add(problems, $"{at}.port", $"Rule '{rule.Name}' names ports; its protocol must be tcp, udp or sctp.");
            }

            if (rule.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            {
                Add(problems, $"{at}.timeZone", $"The time zone '{zone}' of rule '{rule.Name}' is not known on this host; names are IANA's, such as Europe/Berlin.");
            }

            if (new[] { rule.StartTime, rule.EndTime }.Any(time => time is { } one && one.Ticks % TimeSpan.TicksPerMinute != 0))
            {
                Add(problems, at, $"Rule '{rule.Name}' begins and ends to hold at whole minutes.");
            }
        }
    }

    // Members of a network are not in the document until somebody writes them there, so any name may be one.
    private static bool Knows(OverlaySettings overlay, string name) =>
        overlay.Peers.Any(peer => Same(peer.Name, name)) || (overlay.NetworkKey is not null && IsName(name, Labels.MaxCharacters));

    private static bool IsWord(OverlaySettings overlay, string word, bool isMember) =>
        (!isMember && word == "*")
        || Same(word, OverlayView.Self)
        || (word.StartsWith(OverlayView.GroupPrefix, StringComparison.OrdinalIgnoreCase) && IsKnownGroup(overlay, word[OverlayView.GroupPrefix.Length..]))
        || Knows(overlay, word)
        || (!isMember && AddressRange.TryParse(word, null, out AddressRange? range) && OverlayNumbers.IsPrefix(range));

    private static bool IsKnownGroup(OverlaySettings overlay, string name) =>
        overlay.Groups.Any(group => Same(group.Name, name)) || (overlay.NetworkKey is not null && IsName(name, Labels.MaxCharacters));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
