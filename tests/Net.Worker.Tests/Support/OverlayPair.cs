using Net.Workers.Overlay;

namespace Net.Worker.Tests.Support;

/// <summary>Two nodes of one overlay: a dials b.</summary>
internal sealed class OverlayPair : IDisposable
{
    public OverlayNode A { get; } = new(1, "berlin");

    public OverlayNode B { get; } = new(2, "paris");

    /// <summary>Starts both and waits for the session.</summary>
    /// <param name="a">Changes a's model.</param>
    /// <param name="b">Changes b's model.</param>
    /// <param name="startA">Changes how a is started.</param>
    /// <param name="startB">Changes how b is started.</param>
    public static OverlayPair Up(
        Func<OverlayModel, OverlayModel>? a = null, Func<OverlayModel, OverlayModel>? b = null, Action<StartOverlay>? startA = null, Action<StartOverlay>? startB = null)
    {
        var pair = new OverlayPair();
        OverlayModel modelB = pair.B.ModelOf(pair.A.AsPeer(0));
        pair.B.Start(b?.Invoke(modelB) ?? modelB, startB);
        OverlayModel modelA = pair.A.ModelOf(pair.B.AsPeer(0, pair.B.Endpoint));
        pair.A.Start(a?.Invoke(modelA) ?? modelA, startA);
        pair.A.WaitUntilUp();
        pair.B.WaitUntilUp();
        return pair;
    }

    /// <summary>Sends a text from a to b and checks that it arrives as it was.</summary>
    public void Exchange(string text)
    {
        A.Host.Send(TestPackets.UdpText(A.Address, B.Address, text));
        Assert.Equal(text, TestPackets.Text(B.Host.Receive()));
        B.Host.Send(TestPackets.UdpText(B.Address, A.Address, text + " back"));
        Assert.Equal(text + " back", TestPackets.Text(A.Host.Receive()));
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
