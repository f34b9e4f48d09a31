using System.Net;

namespace Net.Firewall.Tests.Flows;

/// <summary>What NAT rules make of the first packet of a connection.</summary>
public sealed class FlowTranslatorTests
{
    private static readonly FlowPacket s_packet = new FlowPacket
    {
        Protocol = 6,
        SourcePort = 40_000,
        DestinationPort = 8080,
        InputInterface = "wan0",
        TcpFlags = 2,
        Length = 60,
        IsToThisHost = true,
    }.Between(IPAddress.Parse("192.0.2.1"), IPAddress.Parse("203.0.113.7"));

    private static readonly NatRule s_rule = new() { Id = 1, Name = "nat", Kind = NatKind.Destination };

    [Fact]
    public void The_first_rule_that_matches_translates_the_destination()
    {
        FlowTranslation translation = Translator(
            s_rule with { Protocol = RuleProtocol.Udp, ToAddresses = Rules.Address("10.0.0.1") },
            s_rule with { Id = 2, IsToThisHost = true, Protocol = RuleProtocol.Tcp, DestinationPorts = [new(8080)], ToAddresses = Rules.Address("10.0.0.2"), ToPorts = new(80) },
            s_rule with { Id = 3, ToAddresses = Rules.Address("10.0.0.3") }).TranslateDestination(s_packet);

        Assert.Equal(2, translation.Rule!.Id);
        Assert.Equal("10.0.0.2 80", $"{translation.Packet.DestinationAddress} {translation.Packet.DestinationPort}");
        Assert.True(translation.Packet.IsDestinationTranslated);
        Assert.Empty(translation.Notes);
    }

    [Fact]
    public void Ranges_give_what_is_possible()
    {
        FlowTranslation translation = Translator(s_rule with { Protocol = RuleProtocol.Tcp, ToAddresses = Rules.Address("10.0.0.2-10.0.0.9"), ToPorts = new(9000, 9010) }).TranslateDestination(s_packet);

        Assert.Equal(Rules.Address("10.0.0.2-10.0.0.9"), translation.PossibleAddresses);
        Assert.Equal(new PortRange(9000, 9010), translation.PossiblePorts);
        Assert.Equal(2, translation.Notes.Length);
    }

    [Fact]
    public void Prefixes_keep_the_host()
    {
        FlowPacket packet = s_packet.Between(IPAddress.Parse("fd00:1::1234"), IPAddress.Parse("fd00:2::5678"));

        Assert.Equal("2001:db8:1::5678", Translator(s_rule with { Kind = NatKind.DestinationPrefix, ToAddresses = Rules.Address("2001:db8:1::/48") }).TranslateDestination(packet).Packet.DestinationAddress.ToString());
        Assert.Equal("2001:db8:2::1234", Translator(s_rule with { Kind = NatKind.SourcePrefix, ToAddresses = Rules.Address("2001:db8:2::/48") }).TranslateSource(packet).Packet.SourceAddress.ToString());
    }

    [Fact]
    public void Masquerading_takes_the_address_of_the_interface()
    {
        FlowTranslator translator = Translator(s_rule with { Kind = NatKind.Masquerade, OutputInterfaces = ["ppp*"] });
        FlowPacket packet = s_packet with { Direction = RuleDirection.Forward, OutputInterface = "ppp0" };

        Assert.Equal("ppp0", translator.TranslateSource(packet).AddressOfInterface);
        Assert.Equal("198.51.100.1", translator.TranslateSource(packet, (name, isIPv6) => IPAddress.Parse("198.51.100.1")).Packet.SourceAddress.ToString());
        Assert.Null(translator.TranslateSource(packet with { OutputInterface = "eth0" }).Rule);
    }

    [Fact]
    public void Redirects_and_exceptions_are_known()
    {
        FlowTranslator translator = Translator(
            s_rule with { Kind = NatKind.Exempt, SourceAddresses = [Rules.Address("192.0.2.0/24")] },
            s_rule with { Id = 2, Kind = NatKind.Redirect, Protocol = RuleProtocol.Tcp, ToPorts = new(3128), IncludesOwnPackets = true, InputInterfaces = ["wan0"] });
        FlowPacket other = s_packet.Between(IPAddress.Parse("198.51.100.5"), s_packet.DestinationAddress);

        Assert.False(translator.TranslateDestination(s_packet).IsTranslated);
        Assert.Equal(("wan0", 3128), (translator.TranslateDestination(other).AddressOfInterface, translator.TranslateDestination(other).Packet.DestinationPort));
        Assert.Equal(IPAddress.Loopback, translator.TranslateDestination(other with { Direction = RuleDirection.Outbound, InputInterface = null }).Packet.DestinationAddress);
    }

    [Fact]
    public void What_is_not_known_is_told()
    {
        FlowTranslation translation = Translator(s_rule with { IsToThisHost = true, ToAddresses = Rules.Address("10.0.0.1") }).TranslateDestination(s_packet with { IsToThisHost = null });

        Assert.Null(translation.Rule);
        Assert.Contains("is not known", Assert.Single(translation.Notes), StringComparison.Ordinal);
        Assert.Single(Translator(s_rule).TranslateSource(s_packet with { State = ConnectionStates.Established }).Notes);
    }

    private static FlowTranslator Translator(params NatRule[] rules) => new(FirewallModel.Empty with { NatRules = [.. rules] });
}
