using Net.Contracts;
using Net.Firewall;

namespace Net.Engine.Firewall.Translation;

/// <summary>
/// Ids of what profile, zones and port forwards imply. They follow from what a rule is for, not from its place, so that counters survive changes of the rest.
/// From <see cref="Rule.FirstGeneratedId"/> on, in blocks of 2^40:
/// block 0: rules of the profile, one fixed number each;
/// block 1: the rule a port forward lets through, by the forward's id;
/// block 2: the source translation of a hairpin, by the forward's id;
/// block 3: the second half of a NAT rule that needs two (1:1 outwards, exemption of the source), by the rule's id;
/// block 4: the destination translation of a hairpin from inside, by the forward's id;
/// block 5: each further port of a forward whose range moves, by the forward's id times 65,536 and the port's place;
/// block 16 and 17: rules and NAT of zones, by a hash (FNV-1a, 40 bits) over what they are for and the zones' names; where two hash alike the later takes the next number.
/// </summary>
internal sealed class GeneratedIds
{
    private const int BlockBits = 40;
    private readonly HashSet<long> _used = [];

    /// <summary>A rule of the profile.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="direction">Which packets it looks at.</param>
    public static long Profile(ProfileRule kind, Contracts.RuleDirection direction) => Rule.FirstGeneratedId + ((int)kind * 4) + (int)direction;

    /// <summary>The rule that lets the connections of a port forward through.</summary>
    public static long ForwardRule(PortForward forward) => Block(1, forward.Id);

    /// <summary>The source translation of a hairpin.</summary>
    public static long HairpinSource(PortForward forward) => Block(2, forward.Id);

    /// <summary>The destination translation of a hairpin for packets from inside.</summary>
    public static long HairpinDestination(PortForward forward) => Block(4, forward.Id);

    /// <summary>The second half of a NAT rule.</summary>
    public static long SecondHalf(Contracts.NatRule rule) => Block(3, rule.Id);

    /// <summary>A further port of a port forward whose range moves.</summary>
    /// <param name="forward">The forward.</param>
    /// <param name="place">The port's place in the range, from 1.</param>
    public static long ForwardPort(PortForward forward, int place) => Block(5, (forward.Id << 16) + place);

    /// <summary>The user's rule or port forward a generated NAT id belongs to; the id itself when it is the user's.</summary>
    public static long OwnerOf(long id)
    {
        long offset = id - Rule.FirstGeneratedId;
        long number = offset & ((1L << BlockBits) - 1);
        return offset < 0 ? id : offset >> BlockBits == 5 ? number >> 16 : number;
    }

    /// <summary>A rule of a zone.</summary>
    /// <param name="what">What it is for, with names of zones; without regard to case.</param>
    public long Zone(string what) => Hashed(16, what);

    /// <summary>A NAT rule of a zone.</summary>
    /// <param name="what">What it is for, with the zone's name; without regard to case.</param>
    public long ZoneNat(string what) => Hashed(17, what);

    private static long Block(int block, long number) => Rule.FirstGeneratedId + ((long)block << BlockBits) + number;

    private long Hashed(int block, string what)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in what)
        {
            hash = (hash ^ char.ToUpperInvariant(c)) * 1099511628211;
        }

        long number = (long)((hash ^ (hash >> BlockBits)) & ((1UL << BlockBits) - 1));
        while (!_used.Add(Block(block, number)))
        {
            number = (number + 1) & ((1L << BlockBits) - 1);
        }

        return Block(block, number);
    }
}
