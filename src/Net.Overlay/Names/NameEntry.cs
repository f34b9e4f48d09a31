using Net.Overlay.Routing;

namespace Net.Overlay.Names;

/// <summary>A peer as the name service knows it.</summary>
/// <param name="Name">Its name below the zone: "berlin" of "berlin.office.internal".</param>
/// <param name="Aliases">Further names for it below the zone.</param>
/// <param name="Addresses">Its addresses, as prefixes of full length.</param>
public sealed record NameEntry(string Name, IReadOnlyList<string> Aliases, IReadOnlyList<OverlayPrefix> Addresses);
