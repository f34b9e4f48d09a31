namespace Net.Firewall;

/// <summary>What a statement of another firewall does with packets that match.</summary>
internal enum ImportTarget
{
    /// <summary>Goes on with the next statement.</summary>
    Continue,

    /// <summary>Lets the packet pass.</summary>
    Accept,

    /// <summary>Drops the packet.</summary>
    Drop,

    /// <summary>Refuses the packet.</summary>
    Reject,

    /// <summary>Goes back to the chain that called.</summary>
    Return,

    /// <summary>Asks another chain and comes back.</summary>
    Jump,

    /// <summary>Asks another chain and does not come back.</summary>
    Goto,

    /// <summary>Translates addresses.</summary>
    Nat,

    /// <summary>Cannot be expressed; the problem is told already.</summary>
    Unknown,
}
