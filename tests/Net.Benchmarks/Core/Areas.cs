namespace Net.Benchmarks.Core;

/// <summary>Names of areas.</summary>
internal static class Areas
{
    /// <summary>The engine, its API and its faces.</summary>
    public const string Core = "core";

    /// <summary>The encrypted network between engines.</summary>
    public const string Overlay = "overlay";

    /// <summary>The multicast relay.</summary>
    public const string Relay = "relay";

    /// <summary>The firewall.</summary>
    public const string Firewall = "firewall";
}
