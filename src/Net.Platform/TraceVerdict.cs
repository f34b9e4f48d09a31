namespace Net.Platform;

/// <summary>What is done with a packet next (NF_ and NFT_ verdicts of linux/netfilter.h and nf_tables.h).</summary>
public enum TraceVerdict
{
    /// <summary>Something this version does not know, or nothing was said.</summary>
    Unknown = 0,

    /// <summary>It is dropped.</summary>
    Drop,

    /// <summary>It passes this hook's chain; chains of a later priority still see it.</summary>
    Accept,

    /// <summary>Somebody else took it.</summary>
    Stolen,

    /// <summary>A program decides.</summary>
    Queue,

    /// <summary>The hook is asked once more.</summary>
    Repeat,

    /// <summary>On with the next rule.</summary>
    Continue,

    /// <summary>The rule did not match after all.</summary>
    Break,

    /// <summary>To another chain, and back.</summary>
    Jump,

    /// <summary>To another chain, for good.</summary>
    Goto,

    /// <summary>Back to the chain before.</summary>
    Return,
}
