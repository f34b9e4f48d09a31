namespace Net.Lab;

/// <summary>A line a program wrote.</summary>
/// <param name="IsError">Whether it came by standard error.</param>
/// <param name="Text">The line without its end.</param>
public readonly record struct LabOutputLine(bool IsError, string Text);
