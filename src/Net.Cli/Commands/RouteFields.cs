using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a route.</summary>
internal sealed class RouteFields
{
    private readonly Option<string?> _nextHop = Options.OfText("--next-hop", "ADDRESS", "The next hop; without one the prefix is on the link itself.");
    private readonly Option<string?> _interface = Options.OfText("--interface", "NAME", "The interface it leaves by.");
    private readonly Option<long?> _metric = Options.OfNumber("--metric", "NUMBER", "The metric; lower is preferred.", 0, uint.MaxValue);
    private readonly Option<long?> _table = Options.OfNumber("--table", "NUMBER", "The kernel's routing table (default 254, the main one).", 1, int.MaxValue);
    private readonly Option<string?> _description = Options.OfText("--description", "TEXT", "What the route is for.");

    private readonly Option<AddressRange?> _destination = new("--destination")
    {
        Description = "The prefix it leads to, such as 203.0.113.0/24 or ::/0.",
        HelpName = "PREFIX",
        CustomParser = result => ReadPrefix(result),
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isNew">Whether it makes a route: then the destination is required.</param>
    public static RouteFields AddTo(Command command, bool isNew)
    {
        var fields = new RouteFields();
        fields._destination.Required = isNew;
        command.Add(fields._destination);
        command.Add(fields._nextHop);
        command.Add(fields._interface);
        command.Add(fields._metric);
        command.Add(fields._table);
        command.Add(fields._description);
        return fields;
    }

    /// <summary>A new route.</summary>
    public NetPathRoute Create(CliCall call, string name) =>
        Apply(call, new NetPathRoute { Name = name, DestinationPrefix = call.Get(_destination)! });

    /// <summary>The route with what the command line changes of it; an empty text takes a value away.</summary>
    public NetPathRoute Apply(CliCall call, NetPathRoute route) => route with
    {
        DestinationPrefix = call.Get(_destination) ?? route.DestinationPrefix,
        NextHop = Changed(call, _nextHop, route.NextHop),
        InterfaceAlias = Changed(call, _interface, route.InterfaceAlias),
        RouteMetric = call.Get(_metric) ?? route.RouteMetric,
        Table = (int?)call.Get(_table) ?? route.Table,
        Description = Changed(call, _description, route.Description),
        State = null,
        StateReason = null,
    };

    private static string? Changed(CliCall call, Option<string?> option, string? before) =>
        call.Has(option) ? (string.IsNullOrEmpty(call.Get(option)) ? null : call.Get(option)) : before;

    private static AddressRange? ReadPrefix(System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            AddressRange range = AddressRange.Parse(text);
            return range.PrefixLength is null && text.Contains('-', StringComparison.Ordinal)
                ? Options.Refuse<AddressRange>(result, $"--destination: '{text}' is a range; a route leads to a prefix such as 203.0.113.0/24.")
                : range;
        }
        catch (FormatException problem)
        {
            return Options.Refuse<AddressRange>(result, $"--destination: {problem.Message}");
        }
    }
}
