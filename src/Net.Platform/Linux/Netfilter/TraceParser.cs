using static Net.Platform.Linux.Interop.NftablesApi;
using static Net.Platform.Linux.Interop.TraceApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads trace messages of nf_tables, and which counters rules name. Whatever bytes arrive, nothing is thrown.</summary>
internal static class TraceParser
{
    /// <summary>Whether a message is a step of a traced packet.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True when it is.</returns>
    public static bool IsTrace(in NetlinkMessage message) => NftablesParser.KindOf(message) == NFT_MSG_TRACE;

    /// <summary>Reads a step.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">When it was read.</param>
    /// <param name="step">The step.</param>
    /// <returns>False when the message is none, or makes no sense.</returns>
    public static bool TryParse(in NetlinkMessage message, DateTimeOffset now, out TraceEvent step)
    {
        step = null!;
        if (!IsTrace(message) || message.Payload.Length < 4)
        {
            return false;
        }

        uint id = 0;
        uint kind = 0;
        uint mark = 0;
        uint input = 0;
        uint output = 0;
        uint policy = 0;
        uint code = 0;
        ulong handle = 0;
        bool hasVerdict = false;
        bool hasHandle = false;
        bool isSound = true;
        string table = "";
        string chain = "";
        string? target = null;
        ReadOnlySpan<byte> network = default;
        ReadOnlySpan<byte> transport = default;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NFTA_TRACE_TABLE:
                    table = attribute.Text;
                    break;
                case NFTA_TRACE_CHAIN:
                    chain = attribute.Text;
                    break;
                case NFTA_TRACE_RULE_HANDLE:
                    hasHandle = attribute.TryGet(ref handle);
                    isSound &= hasHandle;
                    break;
                case NFTA_TRACE_TYPE:
                    isSound &= attribute.TryGet(ref kind);
                    break;
                case NFTA_TRACE_ID:
                    isSound &= attribute.TryGet(ref id);
                    break;
                case NFTA_TRACE_MARK:
                    isSound &= attribute.TryGet(ref mark);
                    break;
                case NFTA_TRACE_IIF:
                    isSound &= attribute.TryGet(ref input);
                    break;
                case NFTA_TRACE_OIF:
                    isSound &= attribute.TryGet(ref output);
                    break;
                case NFTA_TRACE_POLICY:
                    isSound &= attribute.TryGet(ref policy);
                    code = policy;
                    hasVerdict = true;
                    break;
                case NFTA_TRACE_VERDICT:
                    hasVerdict = TryParseVerdict(attribute.Nested, ref code, ref target);
                    isSound &= hasVerdict;
                    break;
                case NFTA_TRACE_NETWORK_HEADER:
                    network = attribute.Value;
                    break;
                case NFTA_TRACE_TRANSPORT_HEADER:
                    transport = attribute.Value;
                    break;
            }
        }

        if (!isSound || table.Length == 0 || chain.Length == 0)
        {
            return false;
        }

        step = new TraceEvent
        {
            Kind = kind is NFT_TRACETYPE_POLICY or NFT_TRACETYPE_RETURN or NFT_TRACETYPE_RULE ? (TraceEventKind)kind : TraceEventKind.Unknown,
            TraceId = id,
            Table = new FirewallTable((FirewallFamily)message.Payload[0], table),
            Chain = chain,
            RuleHandle = hasHandle ? (long)handle : null,
            Verdict = hasVerdict ? ToVerdict((int)code) : TraceVerdict.Unknown,
            Target = target,
            InputInterface = input == 0 ? null : (int)input,
            OutputInterface = output == 0 ? null : (int)output,
            Mark = mark,
            IsFirstAtHook = !network.IsEmpty,
            Packet = PacketTupleParser.Parse(network, transport),
            Time = now,
        };
        return true;
    }

    /// <summary>Reads which named counter a rule counts to.</summary>
    /// <param name="message">A message of a dump of rules.</param>
    /// <param name="table">The table.</param>
    /// <param name="chain">The chain; null for all.</param>
    /// <param name="rule">Number of the rule, and its first named counter.</param>
    /// <returns>False when it is another message, another table's or chain's rule, or makes no sense.</returns>
    public static bool TryParseRule(in NetlinkMessage message, FirewallTable table, string? chain, out (long Handle, string? Counter) rule)
    {
        rule = default;
        if (NftablesParser.KindOf(message) != NFT_MSG_NEWRULE || message.Payload.Length < 4 || (FirewallFamily)message.Payload[0] != table.Family)
        {
            return false;
        }

        ulong handle = 0;
        bool hasHandle = false;
        bool isMeant = false;
        string? counter = null;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NFTA_RULE_TABLE:
                    isMeant = attribute.Text == table.Name;
                    break;
                case NFTA_RULE_CHAIN when chain is not null && attribute.Text != chain:
                    return false;
                case NFTA_RULE_HANDLE:
                    hasHandle = attribute.TryGet(ref handle);
                    break;
                case NFTA_RULE_EXPRESSIONS:
                    counter = FindCounter(attribute.Nested);
                    break;
            }
        }

        rule = ((long)handle, counter);
        return isMeant && hasHandle;
    }

    private static bool TryParseVerdict(NetlinkReader attributes, ref uint code, ref string? target)
    {
        bool isFound = false;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == NFTA_VERDICT_CODE)
            {
                isFound = attribute.TryGet(ref code);
            }
            else if (attribute.Type == NFTA_VERDICT_CHAIN)
            {
                target = attribute.Text;
            }
        }

        return isFound;
    }

    private static TraceVerdict ToVerdict(int code) => code switch
    {
        NFT_CONTINUE => TraceVerdict.Continue,
        NFT_BREAK => TraceVerdict.Break,
        NFT_JUMP => TraceVerdict.Jump,
        NFT_GOTO => TraceVerdict.Goto,
        NFT_RETURN => TraceVerdict.Return,

        // The upper half carries a queue's number or an errno.
        >= 0 => (code & NF_VERDICT_MASK) switch
        {
            NF_DROP => TraceVerdict.Drop,
            NF_ACCEPT => TraceVerdict.Accept,
            NF_STOLEN => TraceVerdict.Stolen,
            NF_QUEUE => TraceVerdict.Queue,
            NF_REPEAT => TraceVerdict.Repeat,
            _ => TraceVerdict.Unknown,
        },
        _ => TraceVerdict.Unknown,
    };

    private static string? FindCounter(NetlinkReader expressions)
    {
        while (expressions.TryRead(out NetlinkAttribute expression))
        {
            if (expression.Type == NFTA_LIST_ELEM
                && expression.Nested.TryFind(NFTA_EXPR_NAME, out NetlinkAttribute name)
                && name.Value.StartsWith("objref"u8)
                && expression.Nested.TryFind(NFTA_EXPR_DATA, out NetlinkAttribute data)
                && data.Nested.TryFind(NFTA_OBJREF_IMM_TYPE, out NetlinkAttribute kind)
                && data.Nested.TryFind(NFTA_OBJREF_IMM_NAME, out NetlinkAttribute counter))
            {
                uint number = 0;
                if (kind.TryGet(ref number) && number == NFT_OBJECT_COUNTER)
                {
                    return counter.Text;
                }
            }
        }

        return null;
    }
}
