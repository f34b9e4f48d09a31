using System.Net;
using Net.Contracts;

namespace Net.Engine.Paths;

/// <summary>Checks the document's section about paths.</summary>
internal static class RouteChecks
{
    private const int MaxRoutes = 100_000;

    /// <summary>Adds every problem of a section.</summary>
    public static void Run(PathsSection section, ICollection<ConfigurationProblem> problems)
    {
        CheckProbe(section.Probe, problems);
        CheckInterfaces(section.Interfaces, problems);
        if (section.Routes.Length > MaxRoutes)
        {
            Add(problems, "paths.routes", $"There are {section.Routes.Length} routes; at most {MaxRoutes} are taken.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var targets = new HashSet<RouteTarget>();
        for (int index = 0; index < section.Routes.Length; index++)
        {
            NetPathRoute route = section.Routes[index];
            string place = $"paths.routes[{index}]";
            int before = problems.Count;
            CheckRoute(route, place, problems);
            if (!names.Add(route.Name))
            {
                problems.Add(new ConfigurationProblem($"{place}.name", ErrorCatalogue.PathRouteExists.Id, $"Two routes are named '{route.Name}'."));
            }

            if (problems.Count == before && !targets.Add(KernelRoutes.TargetOf(route)))
            {
                problems.Add(new ConfigurationProblem(place, ErrorCatalogue.PathRouteExists.Id, $"Route '{route.Name}' leads to {route.DestinationPrefix} at a metric another route has already."));
            }
        }
    }

    private static void CheckRoute(NetPathRoute route, string place, ICollection<ConfigurationProblem> problems)
    {
        if (string.IsNullOrWhiteSpace(route.Name) || route.Name.Length > 128 || route.Name.AsSpan().ContainsAny('*', '?'))
        {
            Add(problems, $"{place}.name", "A route needs a name of 1 to 128 characters without * and ?.");
        }

        if (route.DestinationPrefix.PrefixLength is null && !route.DestinationPrefix.First.Equals(route.DestinationPrefix.Last))
        {
            Add(problems, $"{place}.destinationPrefix", $"Route '{route.Name}' leads to a range; a route leads to a prefix such as 10.0.0.0/8.");
        }

        if (route.NextHop is null && route.InterfaceAlias is null)
        {
            Add(problems, place, $"Route '{route.Name}' needs a next hop, an interface, or both.");
        }

        if (route.NextHop is { } hop && (!AddressRange.TryParse(hop, null, out AddressRange? range) || !range.First.Equals(range.Last) || hop.Contains('/', StringComparison.Ordinal) || range.Family != route.DestinationPrefix.Family))
        {
            Add(problems, $"{place}.nextHop", $"The next hop '{hop}' of route '{route.Name}' is not an address of the family of {route.DestinationPrefix}.");
        }

        if (route.InterfaceAlias is { } name && !IsInterfaceName(name))
        {
            Add(problems, $"{place}.interfaceAlias", $"'{name}' cannot be the name of an interface: 1 to 15 characters, no space, no slash.");
        }

        if (route.RouteMetric is < 0 or > uint.MaxValue)
        {
            Add(problems, $"{place}.routeMetric", $"The metric of route '{route.Name}' must be between 0 and {uint.MaxValue}.");
        }

        if (route.Table is < 1)
        {
            Add(problems, $"{place}.table", $"The table of route '{route.Name}' must be 1 or higher.");
        }
    }

    private static void CheckProbe(ProbeSettings probe, ICollection<ConfigurationProblem> problems)
    {
        Between("interval", probe.Interval, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));
        Between("timeout", probe.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        if (probe.MaxLost is < 1 or > 20)
        {
            Add(problems, "paths.probe.maxLost", "maxLost must be between 1 and 20.");
        }

        if (probe.RecoverAfter is < 1 or > 20)
        {
            Add(problems, "paths.probe.recoverAfter", "recoverAfter must be between 1 and 20.");
        }

        void Between(string property, TimeSpan value, TimeSpan low, TimeSpan high)
        {
            if (value < low || value > high)
            {
                Add(problems, $"paths.probe.{property}", $"{property} must be between {low} and {high}, not {value}.");
            }
        }
    }

    private static void CheckInterfaces(InterfaceFact[] facts, ICollection<ConfigurationProblem> problems)
    {
        for (int index = 0; index < facts.Length; index++)
        {
            if (!IsInterfaceName(facts[index].InterfaceAlias))
            {
                Add(problems, $"paths.interfaces[{index}].interfaceAlias", $"'{facts[index].InterfaceAlias}' cannot be the name of an interface.");
            }

            if (facts[index].ProbeTarget is { } target && !IPAddress.TryParse(target, out _))
            {
                Add(problems, $"paths.interfaces[{index}].probeTarget", $"'{target}' is not an address.");
            }
        }
    }

    private static bool IsInterfaceName(string name) =>
        name.Length is > 0 and <= 15 && name is not ("." or "..") && !name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '/' or ':' or '"');

    private static void Add(ICollection<ConfigurationProblem> problems, string place, string message) =>
        problems.Add(new ConfigurationProblem(place, ErrorCatalogue.PathRouteInvalid.Id, message));
}
