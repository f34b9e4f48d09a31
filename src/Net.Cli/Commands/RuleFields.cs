using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a firewall rule.</summary>
internal sealed class RuleFields
{
    private const string Ports = "PORTS";
    private const string Addresses = "ADDRESSES";
    private const string Interfaces = "NAMES";

    private readonly Option<RuleDirection?> _direction = Options.OfChoice<RuleDirection>("--direction", "Which packets it looks at (default inbound).");
    private readonly Option<RuleAction?> _action = Options.OfChoice<RuleAction>("--action", "What happens to a packet that matches (default allow).");
    private readonly Option<IpProtocol?> _protocol = Options.OfChoice<IpProtocol>("--protocol", "The protocol above IP (default any).");
    private readonly Option<IpFamily?> _family = Options.OfChoice<IpFamily>("--family", "Which versions of IP (default any).");
    private readonly Option<PortRange[]?> _localPort = Options.OfList("--local-port", Ports, "This host's ports, such as 443 or 8000-8010.", PortRange.Parse);
    private readonly Option<PortRange[]?> _remotePort = Options.OfList("--remote-port", Ports, "The other host's ports.", PortRange.Parse);
    private readonly Option<AddressRange[]?> _localAddress = Options.OfList("--local-address", Addresses, "This host's addresses, prefixes or ranges.", AddressRange.Parse);
    private readonly Option<AddressRange[]?> _remoteAddress = Options.OfList("--remote-address", Addresses, "The other host's addresses, prefixes or ranges.", AddressRange.Parse);
    private readonly Option<PortRange[]?> _sourcePort = Options.OfList("--source-port", Ports, "Source ports of a forward rule.", PortRange.Parse);
    private readonly Option<PortRange[]?> _destinationPort = Options.OfList("--destination-port", Ports, "Destination ports of a forward rule.", PortRange.Parse);
    private readonly Option<AddressRange[]?> _sourceAddress = Options.OfList("--source-address", Addresses, "Source addresses of a forward rule.", AddressRange.Parse);
    private readonly Option<AddressRange[]?> _destinationAddress = Options.OfList("--destination-address", Addresses, "Destination addresses of a forward rule.", AddressRange.Parse);
    private readonly Option<string[]?> _interface = Options.OfList("--interface", Interfaces, "Interfaces packets come in by (outbound: leave by); a trailing * matches any ending.");
    private readonly Option<string[]?> _outInterface = Options.OfList("--out-interface", Interfaces, "Interfaces forwarded packets leave by.");
    private readonly Option<string?> _description = Options.OfText("--description", "TEXT", "What the rule is for.");
    private readonly Option<bool> _disabled = Options.OfFlag("--disabled", "The rule takes no part until it is enabled.");

    private RuleFields()
    {
    }

    /// <summary>Where the rule goes in the order of all rules.</summary>
    public Option<long?> Position { get; } = Options.OfNumber("--position", "NUMBER", "The place in the order of all rules, from 1 (default: behind all others).", 1, int.MaxValue);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isNew">Whether it makes a rule; one that exists is disabled by a command of its own.</param>
    public static RuleFields AddTo(Command command, bool isNew)
    {
        var fields = new RuleFields();
        Option[] all =
        [
            fields._direction, fields._action, fields._protocol, fields._family,
            fields._localPort, fields._remotePort, fields._localAddress, fields._remoteAddress,
            fields._sourcePort, fields._destinationPort, fields._sourceAddress, fields._destinationAddress,
            fields._interface, fields._outInterface, fields._description, fields.Position,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }

        if (isNew)
        {
            command.Add(fields._disabled);
        }

        return fields;
    }

    /// <summary>A new rule.</summary>
    public FirewallRule Create(CliCall call, string name) => Apply(call, new FirewallRule { Name = name, Enabled = !call.Get(_disabled) }) with { Position = null };

    /// <summary>The rule with what the command line changes of it; an empty list or text takes a value away.</summary>
    public FirewallRule Apply(CliCall call, FirewallRule rule) => rule with
    {
        Direction = call.Get(_direction) ?? rule.Direction,
        Action = call.Get(_action) ?? rule.Action,
        Protocol = call.Get(_protocol) ?? rule.Protocol,
        Family = call.Get(_family) ?? rule.Family,
        LocalPort = Changed(call, _localPort, rule.LocalPort),
        RemotePort = Changed(call, _remotePort, rule.RemotePort),
        LocalAddress = Changed(call, _localAddress, rule.LocalAddress),
        RemoteAddress = Changed(call, _remoteAddress, rule.RemoteAddress),
        SourcePort = Changed(call, _sourcePort, rule.SourcePort),
        DestinationPort = Changed(call, _destinationPort, rule.DestinationPort),
        SourceAddress = Changed(call, _sourceAddress, rule.SourceAddress),
        DestinationAddress = Changed(call, _destinationAddress, rule.DestinationAddress),
        InterfaceAlias = Changed(call, _interface, rule.InterfaceAlias),
        OutInterfaceAlias = Changed(call, _outInterface, rule.OutInterfaceAlias),
        Description = call.Has(_description) ? (string.IsNullOrEmpty(call.Get(_description)) ? null : call.Get(_description)) : rule.Description,

        // Without a place the rule keeps its own; the one that was read may be another's by now.
        Position = (int?)call.Get(Position),
        PacketCount = null,
        ByteCount = null,
    };

    private static T[] Changed<T>(CliCall call, Option<T[]?> option, T[] before) => call.Has(option) ? call.Get(option) ?? [] : before;
}
