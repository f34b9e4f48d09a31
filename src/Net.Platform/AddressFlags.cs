namespace Net.Platform;

/// <summary>What the kernel says about an address (the ifa_flags of rtnetlink).</summary>
[Flags]
public enum AddressFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>A secondary IPv4 address, or a temporary IPv6 one.</summary>
    Secondary = 0x01,

    /// <summary>No duplicate address detection.</summary>
    NoDuplicateDetection = 0x02,

    /// <summary>Usable before duplicate address detection has ended.</summary>
    Optimistic = 0x04,

    /// <summary>Duplicate address detection found another owner.</summary>
    DuplicateDetected = 0x08,

    /// <summary>A Mobile IPv6 home address.</summary>
    HomeAddress = 0x10,

    /// <summary>Past its preferred lifetime.</summary>
    Deprecated = 0x20,

    /// <summary>Duplicate address detection is under way: not usable yet.</summary>
    Tentative = 0x40,

    /// <summary>Added by hand, without lifetime.</summary>
    Permanent = 0x80,

    /// <summary>The kernel makes temporary addresses from it.</summary>
    ManageTemporary = 0x100,

    /// <summary>The kernel adds no prefix route for it.</summary>
    NoPrefixRoute = 0x200,
}
