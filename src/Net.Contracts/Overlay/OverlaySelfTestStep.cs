namespace Net.Contracts;

/// <summary>One step of the self-test.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Succeeded">Whether it worked.</param>
/// <param name="Detail">What was found or measured.</param>
public sealed record OverlaySelfTestStep(string Name, bool Succeeded, string Detail);
