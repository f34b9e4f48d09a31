namespace Net.Contracts;

/// <summary>A message between applications of two nodes.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Peer">The other node.</param>
/// <param name="Topic">What it is about, at most 64 characters.</param>
/// <param name="Text">The text; null where the data is no UTF-8.</param>
/// <param name="Data">The data in base64.</param>
/// <param name="Time">When it was received.</param>
public sealed record OverlayMessage(string Overlay, string Peer, string Topic, string? Text = null, string Data = "", DateTimeOffset Time = default);
