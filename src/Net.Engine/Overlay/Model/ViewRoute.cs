using System.Net;
using Net.Contracts;

namespace Net.Engine.Overlay.Model;

/// <summary>A route of an overlay before it is known which of several is used.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Peer">The peer's name; null for this node.</param>
/// <param name="Preference">Lower first.</param>
/// <param name="Source">Where it comes from: <c>document</c>, <c>certificate</c>, <c>advertised</c> or <c>address</c>.</param>
/// <param name="Masquerade">Whether this node translates addresses of what leaves to it.</param>
/// <param name="Refusal">Why it is not used at all, in one sentence without a full stop; null when it may be.</param>
internal sealed record ViewRoute(IPNetwork Prefix, OverlayRouteOwner Owner, string? Peer, int Preference, string Source, bool Masquerade = false, string? Refusal = null);
