namespace Net.Workers.Overlay;

/// <summary>A name in the zone.</summary>
/// <param name="Name">The label, without the zone.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record ModelName(string Name, string[] Addresses);
