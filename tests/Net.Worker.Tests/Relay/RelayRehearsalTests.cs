using Net.Worker.Relay;

namespace Net.Worker.Tests.Relay;

/// <summary>Code that relays is run before packets come.</summary>
public sealed class RelayRehearsalTests
{
    [Fact]
    public void A_rehearsal_takes_every_packet_it_made_and_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using var rehearsal = new RelayRehearsal();
        int steps = 0;
        while (!rehearsal.IsOver)
        {
            rehearsal.Step();
            steps++;
        }

        // 16 single ones, 16 joined in one frame, and 8 large ones in another.
        Assert.Equal(steps * 40, rehearsal.Packets);
    }
}
