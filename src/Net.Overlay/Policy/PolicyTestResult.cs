namespace Net.Overlay.Policy;

/// <summary>How a test came out.</summary>
/// <param name="Test">The test.</param>
/// <param name="IsPassed">Whether it is as expected; a test that could not be asked is not.</param>
/// <param name="IsAllowed">What the policy says; null when the test could not be asked.</param>
/// <param name="RuleId">The rule that decided; null is the default, or nothing was asked.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record PolicyTestResult(PolicyTest Test, bool IsPassed, bool? IsAllowed, string? RuleId, string Reason);
