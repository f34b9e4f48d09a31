using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux;

/// <summary>Makes records of nf_tables messages. Whatever arrives, nothing but <see cref="NetlinkException"/> is thrown.</summary>
internal static class NftablesParser
{
    /// <summary>NFT_MSG_ number of a message; -1 when it is not of nf_tables.</summary>
    public static int KindOf(in NetlinkMessage message) => message.Type >> 8 == NFNL_SUBSYS_NFTABLES ? message.Type & 0xff : -1;

    public static FirewallFamily FamilyOf(in NetlinkMessage message) => (FirewallFamily)message.Header<nfgenmsg>().nfgen_family;

    /// <summary>The table a message is about. Every message but the generation's names it in its first attribute type.</summary>
    public static bool TryParseOwner(in NetlinkMessage message, out FirewallTable table)
    {
        table = default;
        if (KindOf(message) < 0 || KindOf(message) == NFT_MSG_NEWGEN || !message.Attributes<nfgenmsg>().TryFind(NFTA_TABLE_NAME, out NetlinkAttribute name))
        {
            return false;
        }

        table = new FirewallTable(FamilyOf(message), name.Text);
        return true;
    }

    public static bool TryParseTable(in NetlinkMessage message, out FirewallTable table)
    {
        table = default;
        return KindOf(message) == NFT_MSG_NEWTABLE && TryParseOwner(message, out table);
    }

    public static bool TryParseBaseChain(in NetlinkMessage message, out BaseChainInfo chain)
    {
        chain = null!;
        if (KindOf(message) != NFT_MSG_NEWCHAIN || !TryParseOwner(message, out FirewallTable table))
        {
            return false;
        }

        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        if (!attributes.TryFind(NFTA_CHAIN_NAME, out NetlinkAttribute name)
            || !attributes.TryFind(NFTA_CHAIN_HOOK, out NetlinkAttribute hook)
            || !hook.Nested.TryFind(NFTA_HOOK_HOOKNUM, out NetlinkAttribute number)
            || !hook.Nested.TryFind(NFTA_HOOK_PRIORITY, out NetlinkAttribute priority))
        {
            return false;
        }

        const uint drop = 0;
        chain = new BaseChainInfo(
            table,
            name.Text,
            attributes.TryFind(NFTA_CHAIN_TYPE, out NetlinkAttribute type) ? type.Text : "",
            ToHook(table.Family, number.UInt32BigEndian),
            (int)priority.UInt32BigEndian,
            attributes.TryFind(NFTA_CHAIN_POLICY, out NetlinkAttribute policy) && policy.UInt32BigEndian == drop,
            FindDevice(hook.Nested));
        return true;
    }

    public static bool TryParseCounter(in NetlinkMessage message, FirewallTable table, out string name, out CounterValue value)
    {
        name = "";
        value = default;
        if (KindOf(message) != NFT_MSG_NEWOBJ)
        {
            return false;
        }

        ulong packets = 0;
        ulong bytes = 0;
        bool isCounter = false;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NFTA_OBJ_TABLE when attribute.Text != table.Name:
                    return false;
                case NFTA_OBJ_NAME:
                    name = attribute.Text;
                    break;
                case NFTA_OBJ_TYPE:
                    isCounter = attribute.UInt32BigEndian == NFT_OBJECT_COUNTER;
                    break;
                case NFTA_OBJ_DATA:
                    NetlinkReader data = attribute.Nested;
                    while (data.TryRead(out NetlinkAttribute part))
                    {
                        packets = part.Type == NFTA_COUNTER_PACKETS ? part.UInt64BigEndian : packets;
                        bytes = part.Type == NFTA_COUNTER_BYTES ? part.UInt64BigEndian : bytes;
                    }

                    break;
            }
        }

        value = new CounterValue(packets, bytes);
        return isCounter && name.Length > 0;
    }

    public static bool TryParseGeneration(in NetlinkMessage message, out FirewallGeneration generation)
    {
        generation = null!;
        if (KindOf(message) != NFT_MSG_NEWGEN)
        {
            return false;
        }

        var found = new FirewallGeneration();
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            found = attribute.Type switch
            {
                NFTA_GEN_ID => found with { Id = attribute.UInt32BigEndian },
                NFTA_GEN_PROC_PID => found with { ProcessId = (int)attribute.UInt32BigEndian },
                NFTA_GEN_PROC_NAME => found with { ProcessName = attribute.Text },
                _ => found,
            };
        }

        generation = found;
        return true;
    }

    private static string? FindDevice(NetlinkReader hook)
    {
        if (hook.TryFind(NFTA_HOOK_DEV, out NetlinkAttribute single))
        {
            return single.Text;
        }

        return hook.TryFind(NFTA_HOOK_DEVS, out NetlinkAttribute several) && several.Nested.TryFind(NFTA_DEVICE_NAME, out NetlinkAttribute first)
            ? first.Text
            : null;
    }

    /// <summary>The hook a number means: another one in another family (NF_INET_, NF_ARP_ and NF_NETDEV_ numbers).</summary>
    public static FirewallHook ToHook(FirewallFamily family, uint number) => (family, number) switch
    {
        (FirewallFamily.Netdev, 0) => FirewallHook.Ingress,
        (FirewallFamily.Netdev, 1) => FirewallHook.Egress,
        (FirewallFamily.Arp, 0) => FirewallHook.Input,
        (FirewallFamily.Arp, 1) => FirewallHook.Output,
        (FirewallFamily.Arp, 2) => FirewallHook.Forward,
        (FirewallFamily.Netdev or FirewallFamily.Arp, _) => FirewallHook.Unknown,
        (_, 0) => FirewallHook.Prerouting,
        (_, 1) => FirewallHook.Input,
        (_, 2) => FirewallHook.Forward,
        (_, 3) => FirewallHook.Output,
        (_, 4) => FirewallHook.Postrouting,
        (_, 5) => FirewallHook.Ingress,
        _ => FirewallHook.Unknown,
    };

    /// <summary>Adds the addresses of a message with set elements. Expiration comes in milliseconds (linux/netfilter/nf_tables.h).</summary>
    /// <param name="message">NFT_MSG_NEWSETELEM; others add nothing.</param>
    /// <param name="into">Where to add them.</param>
    public static void AddSetElements(in NetlinkMessage message, List<SetElement> into)
    {
        if (KindOf(message) != NFT_MSG_NEWSETELEM || !message.Attributes<nfgenmsg>().TryFind(NFTA_SET_ELEM_LIST_ELEMENTS, out NetlinkAttribute list))
        {
            return;
        }

        NetlinkReader elements = list.Nested;
        while (elements.TryRead(out NetlinkAttribute element))
        {
            if (element.Nested.TryFind(NFTA_SET_ELEM_KEY, out NetlinkAttribute key) && key.Nested.TryFind(NFTA_DATA_VALUE, out NetlinkAttribute value) && value.Value.Length is 4 or 16)
            {
                TimeSpan? left = element.Nested.TryFind(NFTA_SET_ELEM_EXPIRATION, out NetlinkAttribute expiration)
                    ? TimeSpan.FromMilliseconds((long)Math.Min(expiration.UInt64BigEndian, int.MaxValue * 1000L)) : null;
                into.Add(new SetElement(value.Address, left));
            }
        }
    }
}
