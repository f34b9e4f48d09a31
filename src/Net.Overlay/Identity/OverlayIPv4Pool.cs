namespace Net.Overlay.Identity;

/// <summary>The IPv4 prefix out of which nodes get addresses.</summary>
public readonly record struct OverlayIPv4Pool
{
    /// <summary>The shortest prefix allowed: a pool of more than 2^24 addresses is a mistake.</summary>
    public const int MinLength = 8;

    /// <summary>The longest prefix allowed: four addresses, of which two can be given out.</summary>
    public const int MaxLength = 30;

    /// <summary>A pool.</summary>
    /// <param name="network">The first address as a number, most significant octet first; its host bits are zero.</param>
    /// <param name="length">The prefix length, 8 to 30.</param>
    public OverlayIPv4Pool(uint network, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        if ((network & (uint.MaxValue >> length)) != 0)
        {
            throw new ArgumentException($"the address has bits beyond the prefix length {length}", nameof(network));
        }

        if (length >= 24 && network >> 8 == OverlayAddresses.NameServiceNetwork >> 8)
        {
            throw new ArgumentException("100.100.100.0/24 is kept for the name service", nameof(network));
        }

        Network = network;
        Length = length;
    }

    /// <summary>100.64.0.0/10, the shared address space of RFC 6598: no private network should use it, and few do.</summary>
    public static OverlayIPv4Pool Default { get; } = new(0x64400000, 10);

    /// <summary>The first address as a number.</summary>
    public uint Network { get; }

    /// <summary>The prefix length.</summary>
    public int Length { get; }

    /// <summary>The bits that tell addresses of the pool apart.</summary>
    public uint HostMask => uint.MaxValue >> Length;

    /// <summary>Whether an address lies in the pool.</summary>
    public bool Contains(uint address) => (address & ~HostMask) == Network;

    /// <summary>Whether an address of the pool may be a node's: not the network's or the broadcast address, none that ends in .0 or .255 where a /24
    /// fits into the pool (old software takes them for broadcasts), and none of 100.100.100.0/24, which is kept for the name service.</summary>
    public bool IsUsable(uint address)
    {
        uint host = address & HostMask;
        if (!Contains(address) || host == 0 || host == HostMask)
        {
            return false;
        }

        bool looksLikeBroadcast = Length <= 24 && (address & 0xff) is 0 or 0xff;
        return !looksLikeBroadcast && address >> 8 != OverlayAddresses.NameServiceNetwork >> 8;
    }
}
