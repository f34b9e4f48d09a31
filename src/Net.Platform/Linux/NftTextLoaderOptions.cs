using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>How the nft program is run.</summary>
[SupportedOSPlatform("linux")]
public sealed record NftTextLoaderOptions
{
    /// <summary>How long it may take before it is killed. 100,000 prefixes load in a few seconds on one slow core.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Network namespace to run it in; null for that of the calling thread. Not disposed.</summary>
    public NetworkNamespace? NetworkNamespace { get; init; }
}
