namespace Net.Workers.Overlay;

/// <summary>A prefix told to peers.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Preference">Lower first.</param>
public sealed record ModelPrefix(string Prefix, int Preference);
