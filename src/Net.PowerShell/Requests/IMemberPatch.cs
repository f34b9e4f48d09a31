namespace Net.PowerShell.Requests;

/// <summary>What a user gave of a member that has parts of its own.</summary>
internal interface IMemberPatch
{
    /// <summary>The member with these parts in place of its own.</summary>
    /// <param name="before">The member as it is; null when there is none.</param>
    object? ApplyTo(object? before);
}
