namespace Net.Platform;

/// <summary>What a trace event tells (NFT_TRACETYPE_ of linux/netfilter/nf_tables.h).</summary>
public enum TraceEventKind
{
    /// <summary>Something this version does not know.</summary>
    Unknown = 0,

    /// <summary>The end of a base chain was reached: its policy decided.</summary>
    Policy = 1,

    /// <summary>The end of a chain was reached, or a rule returned: on with the chain before.</summary>
    Return = 2,

    /// <summary>A rule matched up to its verdict.</summary>
    Rule = 3,
}
