using System.Net;

namespace Net.Relay.Tests;

/// <summary>Flows and targets to vary from.</summary>
internal static class Samples
{
    public const int InputIndex = 7;

    public static RelayTarget Target(int interfaceIndex = 2) => new() { InterfaceIndex = interfaceIndex, MtuBytes = 1500, SourceMac = FrameBuilder.RelayMac };

    public static RelayInput Input(string destination = "239.1.1.1", int portFrom = 5000, int portTo = -1, string? source = null) => new()
    {
        InterfaceIndex = InputIndex,
        Destination = AddressPrefix.Parse(destination),
        PortFrom = (ushort)portFrom,
        PortTo = (ushort)(portTo < 0 ? portFrom : portTo),
        Source = source is null ? null : AddressPrefix.Parse(source),
    };

    public static RelayFlow Flow(int ruleId = 1, RelayInput? input = null, params RelayTarget[] targets) => new()
    {
        RuleId = ruleId,
        Input = input ?? Input(),
        Targets = targets.Length == 0 ? [Target()] : targets,
    };

    public static PacketView View(FrameBuilder builder)
    {
        byte[] frame = builder.Build();
        ParseResult result = builder.HasEthernet ? RelayParser.Parse(frame, out PacketView packet) : RelayParser.ParseIP(frame, 0, out packet);
        Assert.Equal(ParseResult.Packet, result);
        return packet;
    }

    public static IPAddress Address(string text) => IPAddress.Parse(text);
}
