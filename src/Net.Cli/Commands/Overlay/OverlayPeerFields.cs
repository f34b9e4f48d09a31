using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a peer.</summary>
internal sealed class OverlayPeerFields
{
    private readonly Option<string?> _key = Options.OfText("--key", "KEY", "Its public key (nmk1...); without one it is known by its certificate's name.");
    private readonly Option<string[]?> _endpoint = Options.OfList("--endpoint", "HOST:PORT", "Where it may be reached, in the order to try.");
    private readonly Option<string[]?> _address = Options.OfList("--address", "ADDRESSES", "Its overlay addresses (default: of its certificate, else derived).");
    private readonly Option<AddressRange[]?> _subnet = Options.OfList("--subnet", "PREFIXES", "Prefixes it may own and advertise.", AddressRange.Parse);
    private readonly Option<OnOff?> _exitNode = OverlayArguments.OfSwitch("--exit-node", "Whether it may be used as exit node (default off).");
    private readonly Option<OnOff?> _enabled = OverlayArguments.OfSwitch("--enabled", "Whether a session with it is wanted (default on).");

    /// <summary>Adds the options to a command.</summary>
    public static OverlayPeerFields AddTo(Command command)
    {
        var fields = new OverlayPeerFields();
        foreach (Option option in new Option[] { fields._key, fields._endpoint, fields._address, fields._subnet, fields._exitNode, fields._enabled })
        {
            command.Add(option);
        }

        return fields;
    }

    /// <summary>The peer with what the command line changes of it; an empty list or text takes a value away. What is so now is left out.</summary>
    public OverlayPeer Apply(CliCall call, OverlayPeer peer) => new()
    {
        Overlay = peer.Overlay,
        Name = peer.Name,
        PublicKey = call.Changed(_key, peer.PublicKey),
        Endpoints = call.Changed(_endpoint, peer.Endpoints),
        Addresses = call.Changed(_address, peer.Addresses),
        Subnets = call.Changed(_subnet, peer.Subnets),
        IsExitNode = call.IsOn(_exitNode) ?? peer.IsExitNode,
        Enabled = call.IsOn(_enabled) ?? peer.Enabled,
    };
}
