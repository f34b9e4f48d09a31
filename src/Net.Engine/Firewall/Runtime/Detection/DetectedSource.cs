using System.Net;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>A source that passed a threshold.</summary>
/// <param name="Kind">At what.</param>
/// <param name="Source">Its address.</param>
/// <param name="Count">Ports or connections counted in the window.</param>
/// <param name="Ports">Some of the ports.</param>
internal sealed record DetectedSource(DetectionKind Kind, IPAddress Source, int Count, ushort[] Ports);
