namespace Net.Engine.Firewall.Lists;

/// <summary>What became of the sources of an address list.</summary>
/// <param name="RefreshedAt">When its sources were last read; null for never.</param>
/// <param name="Problem">What could not be read and why; null when all could.</param>
internal sealed record AddressListState(DateTimeOffset? RefreshedAt, string? Problem);
