namespace Net.Firewall;

/// <summary>A chain of another firewall.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ImportChain(string Name)
{
    /// <summary>Its rules in order.</summary>
    public List<ImportStatement> Statements { get; } = [];

    /// <summary>What happens to packets at its end: Accept or Drop; Continue for a chain that has no policy.</summary>
    public ImportTarget Policy { get; set; }

    /// <summary>The line the policy is in.</summary>
    public int PolicyLine { get; set; }
}
