namespace Net.Cli.Output;

/// <summary>What <c>netmod version</c> tells.</summary>
/// <param name="Version">The release.</param>
/// <param name="ProtocolVersion">The version of the protocol it speaks with engines.</param>
internal sealed record VersionInfo(string Version, string ProtocolVersion);
