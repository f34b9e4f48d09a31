namespace Net.Platform;

/// <summary>One complaint about a rule set text.</summary>
/// <param name="Line">Line number from 1; 0 when unknown.</param>
/// <param name="Column">Column from 1; 0 when unknown.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="LineText">The line itself; empty when unknown.</param>
public sealed record FirewallTextError(int Line, int Column, string Message, string LineText);
