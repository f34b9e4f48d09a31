using System.CommandLine;
using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that say which connections are meant: all must hold.</summary>
internal sealed class FirewallConnectionOptions
{
    private readonly ItemFields<FirewallConnectionFilter> _fields;

    private FirewallConnectionOptions(ItemFields<FirewallConnectionFilter> fields) => _fields = fields;

    /// <summary>Adds the options to a command.</summary>
    public static FirewallConnectionOptions AddTo(Command command) => new(new ItemFields<FirewallConnectionFilter>(command, isNew: true)
        .One("--address", "ADDRESS", "The address, prefix or range of either side.", AddressRange.Parse, (filter, value) => filter.Address = value is [var only] ? only : null)
        .Choice<IpProtocol>("--protocol", "The protocol.", (filter, value) => filter.Protocol = value == IpProtocol.Any ? null : value)
        .One("--source-address", "ADDRESS", "Who began it.", AddressRange.Parse, (filter, value) => filter.SourceAddress = value is [var only] ? only : null)
        .One("--destination-address", "ADDRESS", "Whom it called, before or after translation.", AddressRange.Parse, (filter, value) => filter.DestinationAddress = value is [var only] ? only : null)
        .One("--source-port", "PORT", "The port, or range, of who began it.", PortRange.Parse, (filter, value) => filter.SourcePort = value is [var only] ? only : null)
        .One("--destination-port", "PORT", "The port, or range, it called.", PortRange.Parse, (filter, value) => filter.DestinationPort = value is [var only] ? only : null)
        .Text("--state", "STATE", "The state in the kernel's words, such as established.", (filter, value) => filter.State = value));

    /// <summary>The filter; null when nothing was said.</summary>
    public FirewallConnectionFilter? Read(CliCall call, long? id = null)
    {
        FirewallConnectionFilter filter = _fields.ApplyTo(call, new FirewallConnectionFilter { Id = id });
        return filter == new FirewallConnectionFilter() ? null : filter;
    }
}
