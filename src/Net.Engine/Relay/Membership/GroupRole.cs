namespace Net.Engine.Relay.Membership;

/// <summary>Why a group is known on an interface.</summary>
internal enum GroupRole
{
    /// <summary>This host joined it, because a rule's input needs it.</summary>
    Joined,

    /// <summary>Hosts on the link have told by IGMP or MLD that they receive it.</summary>
    Receiver,
}
