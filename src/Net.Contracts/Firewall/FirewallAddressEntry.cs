namespace Net.Contracts;

/// <summary>An entry of an address list as it is in force.</summary>
/// <param name="Address">The address, prefix or range.</param>
/// <param name="Origin">Where it comes from: the list itself, a file, a host name, a country, another list, or a rule.</param>
/// <param name="ExpiresIn">How long it stays; null for as long as its origin says so.</param>
public sealed record FirewallAddressEntry(AddressRange Address, string Origin, TimeSpan? ExpiresIn = null);
