namespace Net.Firewall;

/// <summary>Something of a text that could not be taken over as it stands.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The line, or the part of it; at most 200 characters.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record ImportProblem(int Line, string Text, string Reason);
