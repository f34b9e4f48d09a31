using System.Net;

namespace Net.Relay.Tests.Checks;

public sealed class EngineChooserTests
{
    private static readonly EngineAvailability All = new()
    {
        Xdp = EngineState.Available,
        Tcx = EngineState.Available,
        Packet = EngineState.Available,
        Socket = EngineState.Available,
    };

    private static readonly InputFacts Native = new() { HasNativeXdp = true };
    private static readonly RelayTarget Own = Samples.Target() with { SourceMode = SourceMode.Interface, Source = IPAddress.Parse("10.1.0.1") };

    [Theory]
    [InlineData(1, true, false, RelayEngineKind.Xdp)]
    [InlineData(2, true, false, RelayEngineKind.Xdp)]
    [InlineData(1, false, false, RelayEngineKind.Tcx)]
    [InlineData(2, true, true, RelayEngineKind.Tcx)]
    [InlineData(3, true, false, RelayEngineKind.Xdp)]
    [InlineData(EngineChooser.MaxXdpOutputs, true, false, RelayEngineKind.Xdp)]
    [InlineData(EngineChooser.MaxXdpOutputs + 1, true, false, RelayEngineKind.Packet)]
    [InlineData(3, true, true, RelayEngineKind.Packet)]
    [InlineData(3, false, false, RelayEngineKind.Packet)]
    [InlineData(50, false, false, RelayEngineKind.Packet)]
    public void The_fastest_for_the_number_of_outputs_is_chosen(int outputs, bool native, bool local, RelayEngineKind expected)
    {
        RelayFlow flow = Samples.Flow(1, null, [.. Enumerable.Range(1, outputs).Select(Samples.Target)]);

        EngineChoice choice = EngineChooser.Choose(flow, All, null, new InputFacts { HasNativeXdp = native, SenderMayBeLocal = local });

        Assert.Equal(expected, choice.Engine);
        Assert.Contains(outputs == 1 ? "1 output" : $"{outputs} outputs", choice.Reason, StringComparison.Ordinal);
        Assert.EndsWith(".", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_outputs_the_reason_says_how_far_XDP_leads()
    {
        RelayFlow flow = Samples.Flow(1, null, [.. Enumerable.Range(1, 3).Select(Samples.Target)]);

        EngineChoice choice = EngineChooser.Choose(flow, All, null, Native);

        Assert.Equal($"XDP: the driver of the input runs it itself, which carries up to {EngineChooser.MaxXdpOutputs} outputs faster than a worker, and the rule has 3 outputs.", choice.Reason);
    }

    public static TheoryData<string> UserSpaceNeeds => ["range", "source prefix", "fragments", "sequence", "duplicates", "raw"];

    [Theory]
    [MemberData(nameof(UserSpaceNeeds))]
    public void What_the_kernel_cannot_do_goes_to_the_packet_worker_and_the_reason_says_what(string need)
    {
        RelayFlow flow = need switch
        {
            "range" => Samples.Flow(1, Samples.Input(portFrom: 1, portTo: 9)),
            "source prefix" => Samples.Flow(1, Samples.Input(source: "10.0.0.0/8")),
            "fragments" => Samples.Flow(1, null, Samples.Target() with { Oversize = OversizeAction.Fragment }),
            "sequence" => Samples.Flow() with { AnalyzeSequence = true },
            "duplicates" => Samples.Flow() with { Duplicates = DuplicateMode.Suppress },
            _ => Samples.Flow(1, null, Samples.Target() with { SourceMac = [] }),
        };

        EngineChoice choice = EngineChooser.Choose(flow, All, null, Native);

        Assert.Equal(RelayEngineKind.Packet, choice.Engine);
        Assert.Matches("^The packet worker, as tcx cannot: .+ is not possible in the kernel\\.$", choice.Reason);
    }

    [Theory]
    [InlineData("239.1.0.0/16", RelayProtocol.Udp)]
    [InlineData("239.1.1.1", RelayProtocol.Esp)]
    public void The_kernel_takes_prefixes_and_ESP(string destination, RelayProtocol protocol)
    {
        RelayFlow flow = Samples.Flow(1, Samples.Input(destination, protocol == RelayProtocol.Esp ? 0 : 5000) with { Protocol = protocol });

        Assert.Equal(RelayEngineKind.Tcx, EngineChooser.Choose(flow, All, null, default).Engine);
        Assert.Null(EngineChooser.Choose(flow, All, RelayEngineKind.Socket, default).Engine);
    }

    [Fact]
    public void A_change_of_family_needs_sockets()
    {
        RelayFlow flow = Samples.Flow(1, null, Own with { Destination = IPAddress.Parse("ff0e::1"), Source = IPAddress.Parse("2001:db8::1") });

        Assert.Equal(RelayEngineKind.Socket, EngineChooser.Choose(flow, All, null, Native).Engine);
        Assert.Equal("The rule asks for the packet worker, but a change between IPv4 and IPv6 is not possible for whole frames.", EngineChooser.Choose(flow, All, RelayEngineKind.Packet, Native).Reason);
    }

    [Fact]
    public void Fallbacks_say_what_is_missing()
    {
        EngineAvailability old = All with { Xdp = EngineState.Missing("CAP_BPF is missing"), Tcx = EngineState.Missing("kernel 6.1 has no tcx: it needs 6.6") };
        EngineAvailability bare = old with { Packet = EngineState.Missing("CAP_NET_RAW is missing") };
        RelayFlow own = Samples.Flow(1, null, Own);
        RelayFlow keep = Samples.Flow();

        Assert.Equal(new EngineChoice(RelayEngineKind.Packet, "The packet worker, as tcx cannot: kernel 6.1 has no tcx: it needs 6.6."), EngineChooser.Choose(own, old, null, Native));
        Assert.Equal(RelayEngineKind.Socket, EngineChooser.Choose(own, bare, null, Native).Engine);
        EngineChoice none = EngineChooser.Choose(keep, bare, null, Native);
        Assert.Null(none.Engine);
        Assert.Contains("CAP_NET_RAW is missing", none.Reason, StringComparison.Ordinal);
        Assert.Contains("keeping the source address", none.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_outputs_fall_back_to_the_kernel_where_workers_are_not_allowed()
    {
        RelayFlow flow = Samples.Flow(1, null, Samples.Target(1), Samples.Target(2), Samples.Target(3));

        EngineChoice choice = EngineChooser.Choose(flow, All with { Packet = EngineState.Missing("packet sockets are refused") }, null, default);

        Assert.Equal(new EngineChoice(RelayEngineKind.Tcx, "Tcx, as the packet worker cannot: packet sockets are refused."), choice);
    }

    [Fact]
    public void What_a_rule_asks_for_is_taken_or_refused_never_replaced()
    {
        Assert.Equal(new EngineChoice(RelayEngineKind.Packet, "The packet worker, as the rule asks."), EngineChooser.Choose(Samples.Flow(), All, RelayEngineKind.Packet, Native));
        Assert.Equal(RelayEngineKind.Xdp, EngineChooser.Choose(Samples.Flow(), All, RelayEngineKind.Xdp, default).Engine);
        Assert.Null(EngineChooser.Choose(Samples.Flow(), All, RelayEngineKind.Xdp, new InputFacts { HasNativeXdp = true, SenderMayBeLocal = true }).Engine);
        Assert.Null(EngineChooser.Choose(Samples.Flow(), All with { Tcx = EngineState.Missing("x") }, RelayEngineKind.Tcx, Native).Engine);
        Assert.Null(EngineChooser.Choose(Samples.Flow() with { AnalyzeSequence = true }, All, RelayEngineKind.Tcx, Native).Engine);
    }
}
