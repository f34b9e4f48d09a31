namespace Net.Benchmarks.Overlay;

/// <summary>Where the peers come from.</summary>
internal static class PeerSuites
{
    /// <summary>The newest there is of the ones that the targets name by a release, or say "newest" of.</summary>
    public static Task<PeerPackages> UnstableAsync(CancellationToken cancellationToken) =>
        PeerPackages.GetAsync("sid", ["wireguard-go", "wireguard-tools", "nebula"], cancellationToken);

    /// <summary>The suite with openvpn 2.6, which unstable has left.</summary>
    public static Task<PeerPackages> StableAsync(CancellationToken cancellationToken) => PeerPackages.GetAsync("trixie", ["openvpn"], cancellationToken);
}
