namespace Net.Firewall;

/// <summary>A named set or map of nft.</summary>
/// <param name="Name">Its name.</param>
internal sealed record NftSetContent(string Name)
{
    /// <summary>Its elements; in a map the keys.</summary>
    public List<string> Elements { get; } = [];

    /// <summary>Verdicts of a map, as tokens, with their keys.</summary>
    public List<(string Key, List<NftToken> Verdict)> Verdicts { get; } = [];

    /// <summary>Whether its content comes and goes, or cannot be read.</summary>
    public bool IsUnusable { get; set; }
}
