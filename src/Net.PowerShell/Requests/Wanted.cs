using Net.Client;

namespace Net.PowerShell.Requests;

/// <summary>One thing a user asked for.</summary>
/// <param name="Name">A name, or a pattern of names with <c>*</c> and <c>?</c>.</param>
/// <param name="Id">The number of the very thing, or 0 when the name says it all.</param>
/// <param name="IsExact">Whether the name is to be taken as it is, because it came from the thing itself.</param>
/// <param name="Part">Which of several changes of one command is meant for it.</param>
internal readonly record struct Wanted(string Name, long Id = 0, bool IsExact = false, int Part = 0)
{
    /// <summary>Whether several things, or none, may answer to it.</summary>
    public bool IsPattern => !IsExact && !new NamePattern(Name).IsLiteral;
}
