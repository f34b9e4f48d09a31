namespace Net.Firewall;

/// <summary>What part of a model a problem is in.</summary>
public enum ProblemSubject
{
    /// <summary>A filter rule.</summary>
    Rule,

    /// <summary>A NAT rule.</summary>
    NatRule,

    /// <summary>An address list.</summary>
    AddressList,
}
