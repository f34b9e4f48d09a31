using System.Globalization;

namespace Net.Firewall;

/// <summary>Writes guards: the questions before a jump, the chain that holds them where a packet may answer several with yes, and their sets; and the look-ups of paged blocks.</summary>
internal static class GuardWriter
{
    /// <summary>Name of the chain of a guard whose questions do not exclude each other.</summary>
    /// <param name="target">The chain behind the guard.</param>
    public static string ChainOf(string target) => target + "_q";

    /// <summary>Whether the guard takes a chain of its own.</summary>
    /// <param name="guard">The guard.</param>
    public static bool HasChain(RuleGuard guard) => !guard.IsExclusive;

    /// <summary>Writes the way to a chain, so that no packet goes it twice.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="target">The chain.</param>
    /// <param name="guard">Its guard.</param>
    public static void WriteJumps(NftWriter writer, string target, RuleGuard guard)
    {
        if (guard.Alternatives.IsEmpty || HasChain(guard))
        {
            writer.Constant("\t\tjump "u8).Name(guard.Alternatives.IsEmpty ? target : ChainOf(target)).Constant("\n"u8);
            return;
        }

        foreach (GuardAlternative alternative in guard.Alternatives)
        {
            Write(writer.Constant("\t\t"u8), alternative, target);
            writer.Constant("jump "u8).Name(target).Constant("\n"u8);
        }
    }

    /// <summary>Writes one question.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="alternative">The question.</param>
    /// <param name="target">The chain behind the guard; it names the set.</param>
    public static void Write(NftWriter writer, GuardAlternative alternative, string target)
    {
        switch (alternative.Dimension)
        {
            case GuardDimension.Protocol:
                writer.Constant("meta l4proto "u8).Number(alternative.Number).Constant(" "u8);
                return;
            case GuardDimension.Family:
                writer.Constant(alternative.Number == 4 ? "meta nfproto ipv4 "u8 : "meta nfproto ipv6 "u8);
                return;
            case GuardDimension.States:
                NftMatchWriter.WriteStates(writer, (ConnectionStates)alternative.Number);
                return;
            case GuardDimension.Input or GuardDimension.Output:
                writer.Constant(alternative.Dimension == GuardDimension.Input ? "iifname "u8 : "oifname "u8).Interface(alternative.Interface!).Constant(" "u8);
                return;
            default:
                WriteField(writer, alternative.Dimension);
                break;
        }

        if (alternative.IsSet)
        {
            writer.Constant("@"u8).Name(SetOf(target, alternative.Dimension)).Constant(" "u8);
            return;
        }

        NumberInterval range = alternative.Ranges[0];
        NftSetKind kind = KindOf(alternative.Dimension);
        if (kind == NftSetKind.Ports)
        {
            writer.Ports(new PortRange((ushort)range.First, (ushort)range.Last));
        }
        else
        {
            writer.Addresses(AddressRange.FromNumbers(kind == NftSetKind.IPv4 ? RuleAddressFamily.IPv4 : RuleAddressFamily.IPv6, range.First, range.Last));
        }

        writer.Constant(" "u8);
    }

    /// <summary>The sets a guard looks into.</summary>
    /// <param name="target">The chain behind it.</param>
    /// <param name="guard">The guard.</param>
    public static IEnumerable<NftSet> SetsOf(string target, RuleGuard guard)
    {
        foreach (GuardAlternative alternative in guard.Alternatives)
        {
            if (alternative.IsSet)
            {
                yield return new NftSet(SetOf(target, alternative.Dimension), KindOf(alternative.Dimension)) { Given = alternative.Ranges };
            }
        }
    }

    /// <summary>Writes the look-up that leads a packet to its page.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="block">Name of the block.</param>
    /// <param name="map">The map it is looked up in.</param>
    public static void WriteLookup(NftWriter writer, string block, PageMap map)
    {
        WriteField(writer.Constant("\t\t"u8), map.Kind);
        writer.Constant("vmap @"u8).Name(NameOf(block, map)).Constant("\n"u8);
    }

    /// <summary>The map of pages.</summary>
    /// <param name="block">Name of the block.</param>
    /// <param name="map">Its pages of one kind.</param>
    public static NftSet MapOf(string block, PageMap map) => map.IsHashed
        ? new(NameOf(block, map), KindOf(map.Kind))
        {
            Size = map.Capacity,
            Given = [.. map.Pages.SelectMany(page => page.Singles!, (_, value) => new NumberInterval(value, value))],
            Targets = [.. map.Pages.SelectMany(page => page.Singles!, (page, _) => page.Content.Name)],
        }
        : new(NameOf(block, map), KindOf(map.Kind))
        {
            Given = [.. map.Pages.Select((page, index) => new NumberInterval(page.First, map.LastOf(index)))],
            Targets = [.. map.Pages.Select(page => page.Content.Name)],
        };

    // With its capacity, so that a map that has to be made anew is another: what stands cannot be deleted before the chain that asks it is written.
    private static string NameOf(string block, PageMap map) =>
        map.IsHashed ? string.Create(CultureInfo.InvariantCulture, $"{SetOf(block, map.Kind)}_{map.Capacity}") : SetOf(block, map.Kind);

    // Ports are asked for without a protocol: the rules behind ask for it.
    private static void WriteField(NftWriter writer, GuardDimension dimension) => writer.Constant(dimension switch
    {
        GuardDimension.SourceIPv4 => "ip saddr "u8,
        GuardDimension.SourceIPv6 => "ip6 saddr "u8,
        GuardDimension.DestinationIPv4 => "ip daddr "u8,
        GuardDimension.DestinationIPv6 => "ip6 daddr "u8,
        GuardDimension.SourcePort => "th sport "u8,
        _ => "th dport "u8,
    });

    private static NftSetKind KindOf(GuardDimension dimension) => dimension switch
    {
        GuardDimension.SourceIPv4 or GuardDimension.DestinationIPv4 => NftSetKind.IPv4,
        GuardDimension.SourceIPv6 or GuardDimension.DestinationIPv6 => NftSetKind.IPv6,
        _ => NftSetKind.Ports,
    };

    private static string SetOf(string target, GuardDimension dimension) => target + dimension switch
    {
        GuardDimension.SourceIPv4 => "_s4",
        GuardDimension.SourceIPv6 => "_s6",
        GuardDimension.DestinationIPv4 => "_d4",
        GuardDimension.DestinationIPv6 => "_d6",
        GuardDimension.SourcePort => "_sp",
        _ => "_dp",
    };
}
