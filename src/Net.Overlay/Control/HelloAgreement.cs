namespace Net.Overlay.Control;

/// <summary>What two hellos come to: the version and capabilities that hold for a connection, or why there is none.</summary>
public sealed record HelloAgreement
{
    /// <summary>The version both speak.</summary>
    public int Version { get; private init; }

    /// <summary>What both can.</summary>
    public OverlayCapabilities Capabilities { get; private init; }

    /// <summary>The largest inner packet both take, in bytes; 0 when neither said.</summary>
    public int InnerMtuBytes { get; private init; }

    /// <summary>What to refuse the peer with, or null when there is an agreement.</summary>
    public HelloRefused? Refusal { get; private init; }

    /// <summary>Compares two hellos. Both sides come to the same.</summary>
    /// <param name="ours">What we sent or will send.</param>
    /// <param name="theirs">What came.</param>
    /// <param name="needed">Capabilities without which there is no use in a connection; for IP packets one way to carry them is needed.</param>
    public static HelloAgreement Of(Hello ours, Hello theirs, OverlayCapabilities needed = OverlayCapabilities.None)
    {
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(theirs);
        int version = Math.Min(ours.Version, theirs.Version);
        if (version < ours.MinVersion)
        {
            return Refuse(ControlErrorCode.VersionTooOld, $"the peer speaks version {theirs.Version} at most, {ours.MinVersion} is the oldest spoken here");
        }

        if (version < theirs.MinVersion)
        {
            return Refuse(ControlErrorCode.VersionTooNew, $"the peer speaks version {theirs.MinVersion} at least, {ours.Version} is the newest spoken here");
        }

        OverlayCapabilities capabilities = ours.Capabilities & theirs.Capabilities;
        if ((capabilities & needed) != needed)
        {
            return Refuse(ControlErrorCode.CapabilityMissing, $"the peer cannot do {needed & ~capabilities}, which is needed here");
        }

        int mtu = ours.InnerMtuBytes == 0 || theirs.InnerMtuBytes == 0
            ? Math.Max(ours.InnerMtuBytes, theirs.InnerMtuBytes)
            : Math.Min(ours.InnerMtuBytes, theirs.InnerMtuBytes);
        return new HelloAgreement { Version = version, Capabilities = capabilities, InnerMtuBytes = mtu };
    }

    private static HelloAgreement Refuse(ControlErrorCode code, string reason) => new() { Refusal = new HelloRefused(code, reason) };
}
