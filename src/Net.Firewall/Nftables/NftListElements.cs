using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Commands that put single addresses into the sets of a dynamic address list, and take them out again, without touching anything else.</summary>
public static class NftListElements
{
    /// <summary>Adds addresses; one that is there already begins its time anew.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="addresses">Single addresses.</param>
    /// <param name="timeout">How long they stay, in whole seconds; null for the set's own time.</param>
    public static NftTransaction Add(long listId, ImmutableArray<AddressRange> addresses, TimeSpan? timeout)
    {
        NftWriter writer = new(64 + (addresses.Length * 160));
        foreach (AddressRange address in addresses)
        {
            // Adding alone would leave the time of one that is there as it is; deleting alone would fail on one that is not.
            Command(writer, "add"u8, listId, address, null);
            Command(writer, "delete"u8, listId, address, null);
            Command(writer, "add"u8, listId, address, timeout);
        }

        return new NftTransaction(writer.Written);
    }

    /// <summary>Takes addresses out; one that is not there is no error.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="addresses">Single addresses.</param>
    public static NftTransaction Remove(long listId, ImmutableArray<AddressRange> addresses)
    {
        NftWriter writer = new(64 + (addresses.Length * 100));
        foreach (AddressRange address in addresses)
        {
            Command(writer, "add"u8, listId, address, null);
            Command(writer, "delete"u8, listId, address, null);
        }

        return new NftTransaction(writer.Written);
    }

    private static void Command(NftWriter writer, ReadOnlySpan<byte> verb, long listId, AddressRange address, TimeSpan? timeout)
    {
        if (address.First != address.Last)
        {
            throw new ArgumentException($"{address} is not a single address.", nameof(address));
        }

        writer.Constant(verb).Constant(" element inet netmod l"u8).Number((ulong)listId).Constant(address.Family == RuleAddressFamily.IPv6 ? "_6 { "u8 : "_4 { "u8).Addresses(address);
        if (timeout is { } time)
        {
            writer.Constant(" timeout "u8).Number((ulong)Math.Max(1, (long)Math.Ceiling(time.TotalSeconds))).Constant("s"u8);
        }

        writer.Constant(" }\n"u8);
    }
}
