namespace Net.PowerShell.Completion;

/// <summary>Something a parameter could be completed to.</summary>
/// <param name="Text">The value.</param>
/// <param name="ToolTip">What it is: more than its name.</param>
internal readonly record struct Candidate(string Text, string ToolTip);
