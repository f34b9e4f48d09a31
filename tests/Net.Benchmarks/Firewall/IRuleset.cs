namespace Net.Benchmarks.Firewall;

/// <summary>A way to hold rules in the router. Whatever it holds, the client's packets to the server's port pass, by the last rule where there are several.</summary>
internal interface IRuleset
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>Puts the rules in force.</summary>
    Task ApplyAsync(FirewallLab lab, CancellationToken cancellationToken);

    /// <summary>Takes them out.</summary>
    Task RemoveAsync(FirewallLab lab, CancellationToken cancellationToken);
}
