namespace Net.Lab.Tests;

public sealed class NatKindTests
{
    private const string PublicA = "203.0.113.10:3478";
    private const string PublicOtherPort = "203.0.113.10:3479";
    private const string PublicOtherAddress = "203.0.113.11:3478";

    [Theory]
    [InlineData(NatKind.Masquerade, true, false, false)]
    [InlineData(NatKind.EndpointIndependent, true, true, true)]
    [InlineData(NatKind.AddressDependentFiltering, true, true, false)]
    [InlineData(NatKind.AddressAndPortDependentFiltering, true, false, false)]
    [InlineData(NatKind.AddressAndPortDependentMapping, false, false, false)]
    public async Task A_kind_maps_and_filters_as_its_name_says(NatKind kind, bool samePort, bool otherPortComesIn, bool otherAddressComesIn)
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair(left: kind));
        UdpProbe outside = await StartPublicAsync(lab);
        UdpProbe left = await UdpProbe.StartAsync(lab.Node("left"), "0.0.0.0:5000", "0.0.0.0:5001");

        // Filtering first, with a socket that has spoken to one endpoint only.
        string mapped = await left.AskAsync(0, PublicA);
        await outside.SendAsync(1, mapped, "from-other-port");
        await outside.SendAsync(2, mapped, "from-other-address");
        await outside.SendAsync(0, mapped, "from-same");
        await left.WaitForAsync("from-same");
        if (otherPortComesIn)
        {
            Assert.Equal(PublicOtherPort, await left.WaitForAsync("from-other-port"));
        }

        if (otherAddressComesIn)
        {
            Assert.Equal(PublicOtherAddress, await left.WaitForAsync("from-other-address"));
        }

        // A round trip on the same path: whatever was let in before it has arrived.
        await left.AskAsync(0, PublicA);
        Assert.Equal(otherPortComesIn, left.HasReceived("from-other-port"));
        Assert.Equal(otherAddressComesIn, left.HasReceived("from-other-address"));

        string[] mappings = [await left.AskAsync(1, PublicA), await left.AskAsync(1, PublicOtherPort), await left.AskAsync(1, PublicOtherAddress)];
        Assert.All(mappings, endpoint => Assert.StartsWith("203.0.113.1:", endpoint, StringComparison.Ordinal));
        Assert.Equal(samePort, mappings.Distinct().Count() == 1);
    }

    [Fact]
    public async Task Two_hosts_with_the_same_port_get_an_outside_endpoint_each_and_keep_it()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair(left: NatKind.EndpointIndependent));
        UdpProbe outside = await StartPublicAsync(lab);
        UdpProbe left = await UdpProbe.StartAsync(lab.Node("left"), "0.0.0.0:5000");
        UdpProbe left2 = await UdpProbe.StartAsync(lab.Node("left2"), "0.0.0.0:5000");

        string first = await left.AskAsync(0, PublicA);
        string second = await left2.AskAsync(0, PublicOtherAddress);

        Assert.NotEqual(first, second);
        Assert.Equal(first, await left.AskAsync(0, PublicOtherAddress));
        Assert.Equal(second, await left2.AskAsync(0, PublicA));
        await outside.SendAsync(1, first, "to-left");
        await outside.SendAsync(1, second, "to-left2");
        await left.WaitForAsync("to-left");
        await left2.WaitForAsync("to-left2");
    }

    [Theory]
    [InlineData(NatKind.EndpointIndependent)]
    [InlineData(NatKind.AddressAndPortDependentFiltering)]
    public async Task A_hairpinning_nat_lets_hosts_inside_meet_at_their_outside_endpoints(NatKind kind)
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair(left: kind, hairpin: true));
        await StartPublicAsync(lab);
        UdpProbe left = await UdpProbe.StartAsync(lab.Node("left"), "0.0.0.0:5000");
        UdpProbe left2 = await UdpProbe.StartAsync(lab.Node("left2"), "0.0.0.0:5000");
        string leftOutside = await left.AskAsync(0, PublicA);
        string left2Outside = await left2.AskAsync(0, PublicA);

        await left2.SendAsync(0, leftOutside, "hello");

        Assert.Equal(left2Outside, await left.WaitForAsync("hello"));
        Assert.Equal(left2Outside, await left2.AskAsync(0, leftOutside));
    }

    [Theory]
    [InlineData(NatKind.EndpointIndependent, true)]
    [InlineData(NatKind.AddressAndPortDependentMapping, false)]
    public async Task Behind_a_carrier_grade_nat_the_outer_kind_decides(NatKind carrier, bool samePort)
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair(left: NatKind.EndpointIndependent, leftCarrierGrade: carrier));
        await StartPublicAsync(lab);
        UdpProbe left = await UdpProbe.StartAsync(lab.Node("left"), "0.0.0.0:5000");

        string[] mappings = [await left.AskAsync(0, PublicA), await left.AskAsync(0, PublicOtherPort), await left.AskAsync(0, PublicOtherAddress)];

        Assert.All(mappings, endpoint => Assert.StartsWith("203.0.113.1:", endpoint, StringComparison.Ordinal));
        Assert.Equal(samePort, mappings.Distinct().Count() == 1);
    }

    [Fact]
    public async Task Two_hosts_behind_port_restricted_nats_get_through_by_sending_at_once()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair());
        await StartPublicAsync(lab);
        UdpProbe left = await UdpProbe.StartAsync(lab.Node("left"), "0.0.0.0:5000");
        UdpProbe right = await UdpProbe.StartAsync(lab.Node("right"), "0.0.0.0:5000");
        string leftOutside = await left.AskAsync(0, PublicA);
        string rightOutside = await right.AskAsync(0, PublicA);

        // Meets a closed door; must not spoil the mapping that the answer needs (the kernel would, without the guard).
        await left.SendAsync(0, rightOutside, "knock");
        await left.AskAsync(0, PublicA);
        await right.SendAsync(0, leftOutside, "from-right");

        Assert.Equal(rightOutside, await left.WaitForAsync("from-right"));
        Assert.Equal(leftOutside, await left.AskAsync(0, rightOutside));
    }

    private static Task<UdpProbe> StartPublicAsync(Lab lab) =>
        UdpProbe.StartAsync(lab.Node("public"), PublicA, PublicOtherPort, PublicOtherAddress);
}
