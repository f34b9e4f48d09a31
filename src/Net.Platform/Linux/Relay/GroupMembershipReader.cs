using System.Globalization;
using System.Net;

namespace Net.Platform.Linux;

/// <summary>Reads the kernel's tables of memberships. Lines that are not understood are left out: the tables are not ours.</summary>
internal static class GroupMembershipReader
{
    /// <summary>Reads /proc/net/igmp: lines "index name : count version" with lines "    group users timer:due reporter" below each (net/ipv4/igmp.c, igmp_mc_seq_show).
    /// The group is the address as it lies in memory, read as a number of this machine.</summary>
    /// <param name="lines">The table.</param>
    /// <param name="groups">Where they are added.</param>
    public static void ReadIPv4(IEnumerable<string> lines, HashSet<(int InterfaceIndex, IPAddress Group)> groups)
    {
        int index = 0;
        foreach (string line in lines)
        {
            ReadOnlySpan<char> text = line.AsSpan().TrimStart(" \t");
            ReadOnlySpan<char> first = FirstWord(text);
            if (line.StartsWith('\t'))
            {
                if (index > 0 && uint.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint group))
                {
                    groups.Add((index, new IPAddress(group)));
                }
            }
            else
            {
                index = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
            }
        }
    }

    /// <summary>Reads /proc/net/igmp6: lines "index name group users flags timer" (net/ipv6/mcast.c, igmp6_mc_seq_show).</summary>
    /// <param name="lines">The table.</param>
    /// <param name="groups">Where they are added.</param>
    public static void ReadIPv6(IEnumerable<string> lines, HashSet<(int InterfaceIndex, IPAddress Group)> groups)
    {
        Span<byte> address = stackalloc byte[16];
        foreach (string line in lines)
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && Convert.FromHexString(words[2], address, out _, out int written) == System.Buffers.OperationStatus.Done && written == address.Length)
            {
                groups.Add((index, new IPAddress(address)));
            }
        }
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny(' ', '\t');
        return end < 0 ? text : text[..end];
    }
}
