using System.Net;

namespace Net.Overlay.Control;

/// <summary>A prefix a node forwards to.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Preference">Lower first among gateways to the same prefix.</param>
public readonly record struct AdvertisedRoute(IPNetwork Prefix, int Preference);
