namespace Net.Benchmarks.Firewall;

/// <summary>A firewall of somebody else, which manages rules for its user as ours does.</summary>
internal interface IFirewallPeer : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Whether it has lists of addresses.</summary>
    bool HasLists { get; }

    /// <summary>Starts it in namespaces of its own. Throws PeerUnavailableException where it cannot be had.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Puts so many rules in force at once, each with an address and a port.</summary>
    /// <returns>The time its own command took.</returns>
    Task<TimeSpan> ApplyAsync(int rules, CancellationToken cancellationToken);

    /// <summary>Adds one rule to those in force.</summary>
    /// <param name="number">Differs from call to call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TimeSpan> AddRuleAsync(int number, CancellationToken cancellationToken);

    /// <summary>Puts a list of prefixes in force, and a rule that uses it.</summary>
    Task<TimeSpan> ApplyListAsync(int prefixes, CancellationToken cancellationToken);

    /// <summary>What a reader should know of how it was asked: of rules, and of lists.</summary>
    string Describe(bool isList);
}
