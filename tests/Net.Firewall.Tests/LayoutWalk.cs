namespace Net.Firewall.Tests;

/// <summary>The way of a packet through a layout, as the kernel goes it when no rule decides.</summary>
internal static class LayoutWalk
{
    /// <summary>The rules a packet is asked, in order, whether they match or not.</summary>
    public static List<Rule> RulesMet(TableLayout layout, RuleDirection direction, TestPacket packet)
    {
        List<Rule> met = [.. layout.HoistedOf(direction)];
        Walk(layout.Of(direction), packet, met);
        return met;
    }

    /// <summary>All parts below a branch, itself left out.</summary>
    public static IEnumerable<LayoutPart> PartsOf(RuleBranch branch)
    {
        foreach (LayoutPart part in branch.Parts)
        {
            yield return part;
            IEnumerable<LayoutPart> contents = part is PagedBlock block ? block.Maps.SelectMany(map => map.Pages.Select(page => page.Content).Concat(map.Overflow is { } overflow ? [overflow] : [])) : [];
            foreach (LayoutPart content in contents)
            {
                yield return content;
                foreach (LayoutPart inner in content is RuleBranch inside ? PartsOf(inside) : [])
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>Whether a guard lets a packet through.</summary>
    public static bool Passes(RuleGuard guard, TestPacket packet) => guard.Alternatives.IsEmpty || guard.Alternatives.Any(packet.Answers);

    private static void Walk(RuleBranch branch, TestPacket packet, List<Rule> met)
    {
        foreach (LayoutPart part in branch.Parts)
        {
            if (part is PagedBlock block)
            {
                foreach (PageMap map in block.Maps.Where(map => !map.Pages.IsEmpty))
                {
                    if (ValueOf(packet, map.Kind) is { } value && map.Pages[map.IndexOf(value)] is var page && (!map.IsHashed || page.Singles!.Contains(value)))
                    {
                        met.AddRange(page.Content is RuleChunk ? page.Content.Rules : []);
                        if (page.Content is RuleBranch inner)
                        {
                            Walk(inner, packet, met);
                        }
                    }

                    met.AddRange(map.Overflow?.Rules ?? []);
                }
            }
            else if (Passes(((RuleChunk)part).Guard, packet) && branch.Groups.Where(group => group.Chunks.Contains((RuleChunk)part)).All(group => Passes(group.Guard, packet)))
            {
                met.AddRange(part.Rules);
            }
        }
    }

    private static UInt128? ValueOf(TestPacket packet, GuardDimension kind) => kind switch
    {
        GuardDimension.SourceIPv4 or GuardDimension.DestinationIPv4 when packet.Family != RuleAddressFamily.IPv4 => null,
        GuardDimension.SourceIPv6 or GuardDimension.DestinationIPv6 when packet.Family != RuleAddressFamily.IPv6 => null,
        GuardDimension.SourceIPv4 or GuardDimension.SourceIPv6 => packet.Source,
        GuardDimension.DestinationIPv4 or GuardDimension.DestinationIPv6 => packet.Destination,
        GuardDimension.SourcePort => packet.SourcePort,
        _ => packet.DestinationPort,
    };
}
