namespace Net.Relay;

/// <summary>Hashes over the canonical form of flows.</summary>
public static class RelayFingerprint
{
    /// <summary>The hash of some flows, the same for any order.</summary>
    /// <param name="flows">The flows.</param>
    public static ulong Of(IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        ulong sum = 0;
        foreach (RelayFlow flow in flows)
        {
            sum += Of(flow);
        }

        return sum;
    }

    /// <summary>The hash of one flow.</summary>
    /// <param name="flow">The flow.</param>
    public static ulong Of(RelayFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return (ulong)flow.RuleId;
    }
}
