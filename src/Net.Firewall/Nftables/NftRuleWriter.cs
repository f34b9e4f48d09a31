namespace Net.Firewall;

/// <summary>
/// Writes one rule of the model as the nftables rules and chains it takes. They share the rule's counter, and a packet is counted once however
/// many of them it meets. Most rules are lines of their chunk; one that asks a limit leads to a chain s of its own, one with effects to a
/// chain e, and one whose alternatives overlap goes through a chain a that a packet leaves for good with the first that holds.
/// </summary>
internal static class NftRuleWriter
{
    /// <summary>Whether the rule asks a limit, which must be asked once for each packet that matches everything else.</summary>
    /// <param name="rule">The rule.</param>
    public static bool HasState(Rule rule) => rule.Conditions is { Rate: not null } or { Connections: not null };

    /// <summary>Whether the rule does more than counting and deciding.</summary>
    /// <param name="rule">The rule.</param>
    public static bool HasEffects(Rule rule) => rule.Effects is { Log: true } or { SetDscp: not null } or { SetTtl: not null } or { SetMark: not null }
        or { MaxSegmentSize: not null } or { AddSourceTo: not null };

    /// <summary>Whether a packet could go through the rule twice if its alternatives stood in the chunk: nothing ends it and two of them match, be it that the first makes it match the second.</summary>
    /// <param name="rule">The rule.</param>
    public static bool NeedsAlternatives(Rule rule) => rule.Conditions is { } conditions
        && (HasState(rule) || rule.Action == RuleAction.Continue)
        && (RuleMatch.Of(rule).Overlaps || (rule.Effects?.SetDscp is not null && conditions.Dscp.Length > 1));

    /// <summary>Writes the lines a rule has in its chunk; nothing for a rule that is disabled or left out, or for a version in which no packet can match.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="context">What it is written with.</param>
    public static void WriteInChunk(NftWriter writer, Rule rule, RuleContext context)
    {
        if (!rule.Enabled || context.IsLeftOut(rule))
        {
            return;
        }

        foreach (long list in rule.Conditions is { } conditions ? conditions.SourceLists.Concat(conditions.DestinationLists) : [])
        {
            context.CheckList(list);
        }

        if (NeedsAlternatives(rule))
        {
            writer.Constant("\t\tjump a"u8).Number((ulong)rule.Id).Constant("\n"u8);
            return;
        }

        NftMatchWriter.Write(writer, RuleMatch.Of(rule, context.Options.CgroupRoot), rule, static (to, rule, family) =>
        {
            if (HasState(rule))
            {
                to.Constant("jump s"u8).Number((ulong)rule.Id);
                return;
            }

            WriteCounter(to, rule);
            if (HasEffects(rule))
            {
                to.Constant("jump e"u8).Number((ulong)rule.Id);
            }
            else
            {
                WriteVerdict(to, rule, isBehindMatch: true);
            }
        });
    }

    /// <summary>Writes the chain that a packet leaves with the first alternative that holds.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rule">A rule that <see cref="NeedsAlternatives"/>.</param>
    /// <param name="context">What it is written with.</param>
    public static void WriteAlternatives(NftWriter writer, Rule rule, RuleContext context)
    {
        writer.Constant("\tchain a"u8).Number((ulong)rule.Id).Constant(" {\n"u8);
        NftMatchWriter.Write(writer, RuleMatch.Of(rule, context.Options.CgroupRoot), rule, static (to, rule, family) =>
        {
            if (HasState(rule))
            {
                to.Constant("goto s"u8).Number((ulong)rule.Id);
                return;
            }

            WriteCounter(to, rule);
            if (HasEffects(rule))
            {
                to.Constant("goto e"u8).Number((ulong)rule.Id);
            }
            else
            {
                to.Constant("return"u8);
            }
        });
        writer.Constant("\t}\n"u8);
    }

    /// <summary>Writes the chain that asks the rule's limits: connections first, then the rate, since a packet over the former takes nothing from the latter.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rule">A rule that <see cref="HasState"/>.</param>
    public static void WriteState(NftWriter writer, Rule rule)
    {
        writer.Constant("\tchain s"u8).Number((ulong)rule.Id).Constant(" {\n"u8);
        RuleConditions conditions = rule.Conditions!;
        if (conditions.Rate is { PerSource: true } || conditions.Connections is { PerSource: true })
        {
            RuleMatch match = RuleMatch.Of(rule);
            foreach (bool isIPv6 in (ReadOnlySpan<bool>)[false, true])
            {
                if (match.Applies(isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4))
                {
                    writer.Constant(isIPv6 ? "\t\tmeta nfproto ipv6 "u8 : "\t\tmeta nfproto ipv4 "u8);
                    WriteLimits(writer, rule, isIPv6);
                }
            }
        }
        else
        {
            writer.Constant("\t\t"u8);
            WriteLimits(writer, rule, isIPv6: false);
        }

        writer.Constant("\t}\n"u8);
    }

    /// <summary>Writes the chain that does what the rule does, its verdict last.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rule">A rule that <see cref="HasEffects"/>.</param>
    /// <param name="context">What it is written with.</param>
    public static void WriteEffects(NftWriter writer, Rule rule, RuleContext context)
    {
        RuleEffects effects = rule.Effects!;
        writer.Constant("\tchain e"u8).Number((ulong)rule.Id).Constant(" {\n"u8);
        if (effects.Log)
        {
            // A line of its own, so that beyond the limit the packet is not logged and everything else goes on.
            writer.Constant("\t\tlimit rate "u8).Number(RuleEffects.MaxLogsPerSecond).Constant("/second burst "u8).Number(RuleEffects.MaxLogsPerSecond);
            writer.Constant(" packets log group "u8).Number(FirewallTable.LogGroup).Constant(" prefix \"r"u8).Number((ulong)rule.Id);
            writer.Constant("\" snaplen "u8).Number(FirewallTable.LogSnapLength).Constant("\n"u8);
        }

        if (effects.AddSourceTo is long list)
        {
            context.CheckList(list);
            WriteAdd(writer, list, context.StayIn(effects), isIPv6: false);
            WriteAdd(writer, list, context.StayIn(effects), isIPv6: true);
        }

        if (effects.SetMark is MarkMatch mark)
        {
            writer.Constant("\t\tmeta mark set "u8);
            if (mark.Mask != uint.MaxValue)
            {
                writer.Constant("meta mark & "u8).Number(~mark.Mask).Constant(" | "u8);
            }

            writer.Number(mark.Value).Constant("\n"u8);
        }

        if (effects.SetDscp is byte point)
        {
            writer.Constant("\t\tmeta nfproto ipv4 ip dscp set "u8).Number(point).Constant("\n\t\tmeta nfproto ipv6 ip6 dscp set "u8).Number(point).Constant("\n"u8);
        }

        if (effects.SetTtl is byte ttl)
        {
            writer.Constant("\t\tmeta nfproto ipv4 ip ttl set "u8).Number(ttl).Constant("\n\t\tmeta nfproto ipv6 ip6 hoplimit set "u8).Number(ttl).Constant("\n"u8);
        }

        if (effects.MaxSegmentSize is ushort size)
        {
            // SYN set and RST not, as in both packets that offer a size. The kernel itself never makes a size larger (nft_exthdr.c).
            writer.Constant("\t\ttcp flags & 6 == 2 tcp option maxseg size set "u8);
            (size == 0 ? writer.Constant("rt mtu"u8) : writer.Number(size)).Constant("\n"u8);
        }

        if (rule.Action != RuleAction.Continue)
        {
            writer.Constant("\t\t"u8);
            WriteVerdict(writer, rule, isBehindMatch: false);
            writer.Constant("\n"u8);
        }

        writer.Constant("\t}\n"u8);
    }

    private static void WriteAdd(NftWriter writer, long list, TimeSpan? stay, bool isIPv6)
    {
        // "update" rather than "add": the time starts again with each packet.
        writer.Constant(isIPv6 ? "\t\tmeta nfproto ipv6 update @l"u8 : "\t\tmeta nfproto ipv4 update @l"u8).Number((ulong)list);
        writer.Constant(isIPv6 ? "_6 { ip6 saddr"u8 : "_4 { ip saddr"u8);
        if (stay is TimeSpan time)
        {
            writer.Constant(" timeout "u8).Time(time);
        }

        writer.Constant(" }\n"u8);
    }

    private static void WriteLimits(NftWriter writer, Rule rule, bool isIPv6)
    {
        RuleConditions conditions = rule.Conditions!;
        if (conditions.Connections is { } connections)
        {
            if (connections.PerSource)
            {
                WriteOpen(writer, "add @c"u8, rule, isIPv6);
            }

            writer.Constant(connections.Above ? "ct count over "u8 : "ct count "u8).Number((ulong)connections.Count);
            writer.Constant(connections.PerSource ? " } "u8 : " "u8);
        }

        if (conditions.Rate is { } rate)
        {
            if (rate.PerSource)
            {
                WriteOpen(writer, "update @m"u8, rule, isIPv6);
            }

            writer.Constant(rate.Above ? "limit rate over "u8 : "limit rate "u8).Number((ulong)rate.Count).Constant(rate.InBytes ? " bytes/"u8 : "/"u8);
            writer.Constant(rate.Period switch
            {
                RatePeriod.Second => "second"u8,
                RatePeriod.Minute => "minute"u8,
                RatePeriod.Hour => "hour"u8,
                _ => "day"u8,
            });
            if (rate.Burst is long burst)
            {
                writer.Constant(" burst "u8).Number((ulong)burst).Constant(rate.InBytes ? " bytes"u8 : " packets"u8);
            }

            writer.Constant(rate.PerSource ? " } "u8 : " "u8);
        }

        WriteCounter(writer, rule);
        if (HasEffects(rule))
        {
            writer.Constant("goto e"u8).Number((ulong)rule.Id);
        }
        else
        {
            WriteVerdict(writer, rule, isBehindMatch: false);
        }

        writer.Constant("\n"u8);
    }

    private static void WriteOpen(NftWriter writer, ReadOnlySpan<byte> command, Rule rule, bool isIPv6) =>
        writer.Constant(command).Number((ulong)rule.Id).Constant(isIPv6 ? "_6 { ip6 saddr "u8 : "_4 { ip saddr "u8);

    private static void WriteCounter(NftWriter writer, Rule rule) => writer.Constant("counter name \"r"u8).Number((ulong)rule.Id).Constant("\" "u8);

    private static void WriteVerdict(NftWriter writer, Rule rule, bool isBehindMatch) => writer.Constant(rule.Action switch
    {
        RuleAction.Allow => "accept"u8,
        RuleAction.Block => "drop"u8,
        RuleAction.Continue => [],
        _ => Rejection(rule, isBehindMatch),
    });

    // A reset can only be sent where the nft rule itself says TCP, so a rule for all protocols asks a chain that tells them apart.
    private static ReadOnlySpan<byte> Rejection(Rule rule, bool isBehindMatch)
    {
        bool isTcp = rule.Protocol == RuleProtocol.Tcp;
        return (rule.Effects?.RejectWith ?? RejectKind.Default) switch
        {
            RejectKind.Default when rule.Protocol.IsAny => "jump reject_any"u8,
            RejectKind.Default when !isTcp => rule.Protocol.HasPorts ? "reject with icmpx type port-unreachable"u8 : "reject with icmpx type admin-prohibited"u8,
            RejectKind.TcpReset when rule.Protocol.IsAny => "jump reject_tcp"u8,
            RejectKind.Default or RejectKind.TcpReset when isTcp => isBehindMatch ? "reject with tcp reset"u8 : "meta l4proto 6 reject with tcp reset"u8,
            RejectKind.TcpReset or RejectKind.PortUnreachable => "reject with icmpx type port-unreachable"u8,
            RejectKind.HostUnreachable => "reject with icmpx type host-unreachable"u8,
            RejectKind.NoRoute => "reject with icmpx type no-route"u8,
            _ => "reject with icmpx type admin-prohibited"u8,
        };
    }
}
