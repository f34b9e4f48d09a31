using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class LinkFactsTests
{
    [Fact]
    public void A_virtual_link_has_a_driver_and_a_carrier_but_no_speed()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        using LinkFactsReader reader = left.In(() => new LinkFactsReader());

        LinkFacts facts = reader.Read("va");

        Assert.Equal(new LinkFacts { Driver = "veth", HasCarrier = true }, facts);
        Assert.Equal(new LinkFacts(), reader.Read("absent"));
        Assert.Equal(new LinkFacts(), reader.Read("../../etc"));
    }

    [Theory]
    [InlineData(" wlan0: 0000   54.  -56.  -256        0      0      0      0     42        0", -56)]
    [InlineData(" wlan0: 0000   54.  200.  0        0      0      0      0     42        0", null)]
    [InlineData(" wlan1: 0000   54.  -56.  -256        0      0      0      0     42        0", null)]
    [InlineData("wlan0:", null)]
    public void The_signal_is_read_in_dbm_or_not_at_all(string line, int? expected) =>
        Assert.Equal(expected, LinkFactsReader.ParseSignal(["Inter-| sta-|   Quality        |   Discarded packets", line], "wlan0"));
}
