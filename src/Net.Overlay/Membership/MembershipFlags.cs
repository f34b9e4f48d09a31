namespace Net.Overlay.Membership;

/// <summary>What else a certificate allows its node.</summary>
[Flags]
public enum MembershipFlags
{
    /// <summary>Nothing but to take part.</summary>
    None = 0,

    /// <summary>To advertise a default route, that is to be an exit for others' traffic to everywhere.</summary>
    DefaultGateway = 1,

    /// <summary>To relay sealed packets between other members.</summary>
    Relay = 2,
}
