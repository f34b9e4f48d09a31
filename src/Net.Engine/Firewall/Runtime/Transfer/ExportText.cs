using System.Globalization;
using System.Text;
using Net.Firewall;

namespace Net.Engine.Firewall.Runtime.Transfer;

/// <summary>Makes the compiler's commands readable: before each rule a comment says its name.</summary>
internal static class ExportText
{
    /// <summary>The commands with comments.</summary>
    /// <param name="model">The rules.</param>
    public static string Of(FirewallModel model)
    {
        if (model.IsEmpty)
        {
            return "# The firewall has no rules; it leaves no table.\n" + NftablesCompiler.CompileRemoval();
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Rule rule in model.Rules)
        {
            names[Net.Firewall.FirewallTable.Counter(rule.Id)] = $"rule '{Clean(rule.Name)}'{(rule.IsGenerated ? ", implied" : string.Empty)}";
        }

        foreach (NatRule rule in model.NatRules)
        {
            names.TryAdd(Net.Firewall.FirewallTable.NatCounter(rule.Id), $"NAT rule '{Clean(rule.Name)}'");
        }

        var text = new StringBuilder();
        text.Append("# What the engine gives to nft for its own table. Load it with 'nft -f'; other tables are left as they are.\n");
        foreach (AddressList list in model.AddressLists)
        {
            text.Append(CultureInfo.InvariantCulture, $"# Sets l{list.Id}_4 and l{list.Id}_6: list '{Clean(list.Name)}'.\n");
        }

        string? last = null;
        foreach (ReadOnlySpan<char> line in NftablesCompiler.CompileFull(model).Transaction.ToString().AsSpan().EnumerateLines())
        {
            // A rule may take several lines in a row; the comment stands before the first.
            string? counter = CounterOf(line);
            if (counter is not null && counter != last && names.TryGetValue(counter, out string? name))
            {
                text.Append(IndentOf(line)).Append("# ").Append(name).Append('\n');
            }

            last = counter;
            text.Append(line).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>A name as it may stand in a comment: in one line, without control characters, and nothing nft could take for a continued line.</summary>
    /// <param name="name">The name.</param>
    internal static string Clean(string name) => string.Concat(name.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\\' ? '?' : c));

    private static ReadOnlySpan<char> IndentOf(ReadOnlySpan<char> line) => line[..^line.TrimStart('\t').Length];

    // Rules refer to their counter by "counter name rN" or nN, with or without quotes; declarations ("counter rN {") are no rules.
    private static string? CounterOf(ReadOnlySpan<char> line)
    {
        const string reference = "counter name ";
        int at = line.IndexOf(reference, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = line[(at + reference.Length)..].TrimStart('"');
        int end = 0;
        while (end < rest.Length && char.IsAsciiLetterOrDigit(rest[end]))
        {
            end++;
        }

        return rest[..end].ToString();
    }
}
