namespace Net.Relay.Membership;

/// <summary>Who asks for receivers on a link, as seen from this host.</summary>
public enum QuerierRole
{
    /// <summary>This host may not ask: it only listens.</summary>
    Disabled,

    /// <summary>This host would ask, but has no address of that family to ask from yet.</summary>
    NoAddress,

    /// <summary>This host asks.</summary>
    Querier,

    /// <summary>Another router with a lower address asks; this host takes over when it falls silent.</summary>
    NonQuerier,
}
