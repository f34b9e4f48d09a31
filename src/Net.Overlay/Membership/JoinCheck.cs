namespace Net.Overlay.Membership;

/// <summary>A verdict on a request to join, with its reason.</summary>
/// <param name="Verdict">What the request comes to.</param>
/// <param name="Reason">Why, as a sentence without a full stop.</param>
public readonly record struct JoinCheck(JoinVerdict Verdict, string Reason);
