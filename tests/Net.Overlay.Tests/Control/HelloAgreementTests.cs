using Net.Overlay.Control;

namespace Net.Overlay.Tests.Control;

public sealed class HelloAgreementTests
{
    private static readonly Hello Ours = new() { Capabilities = OverlayCapabilities.Datagrams | OverlayCapabilities.Routes, InnerMtuBytes = 1400 };

    [Fact]
    public void What_both_can_holds_on_both_sides()
    {
        var theirs = new Hello { Capabilities = OverlayCapabilities.Datagrams | OverlayCapabilities.Probes, InnerMtuBytes = 1280 };

        HelloAgreement here = HelloAgreement.Of(Ours, theirs);
        HelloAgreement there = HelloAgreement.Of(theirs, Ours);

        Assert.Equal(here, there);
        Assert.Equal((1, OverlayCapabilities.Datagrams, 1280), (here.Version, here.Capabilities, here.InnerMtuBytes));
        Assert.Null(here.Refusal);
    }

    [Fact]
    public void A_later_version_speaks_ours_when_it_can() =>
        Assert.Equal(1, HelloAgreement.Of(Ours, new Hello { Version = 5, MinVersion = 1 }).Version);

    [Fact]
    public void Versions_that_do_not_overlap_are_refused_by_both_sides_with_the_numbers()
    {
        var later = new Hello { Version = 5, MinVersion = 3 };

        HelloRefused here = HelloAgreement.Of(Ours, later).Refusal!;
        HelloRefused there = HelloAgreement.Of(later, Ours).Refusal!;

        Assert.Equal(new HelloRefused(ControlErrorCode.VersionTooNew, "the peer speaks version 3 at least, 1 is the newest spoken here"), here);
        Assert.Equal(new HelloRefused(ControlErrorCode.VersionTooOld, "the peer speaks version 1 at most, 3 is the oldest spoken here"), there);
    }

    [Fact]
    public void A_peer_without_any_optional_capability_is_agreed_with_unless_one_is_needed()
    {
        var bare = new Hello();

        HelloAgreement agreement = HelloAgreement.Of(Ours, bare);
        HelloAgreement refused = HelloAgreement.Of(Ours, bare, OverlayCapabilities.Datagrams);

        Assert.Equal((OverlayCapabilities.None, 1400), (agreement.Capabilities, agreement.InnerMtuBytes));
        Assert.Equal(ControlErrorCode.CapabilityMissing, refused.Refusal!.Code);
        Assert.Contains("Datagrams", refused.Refusal.Reason, StringComparison.Ordinal);
    }
}
