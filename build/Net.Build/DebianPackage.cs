namespace Net.Build;

/// <summary>One Debian package we need: what for, which programs it brings, and which tasks need it.</summary>
internal sealed record DebianPackage(string Name, string Reason, string Use, IReadOnlyList<string> Provides)
{
    /// <summary>Whether everything works without it.</summary>
    public bool IsOptional => Reason.StartsWith("optional:", StringComparison.Ordinal);
}
