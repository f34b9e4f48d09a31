namespace Net.Firewall;

/// <summary>
/// Reads what "nft list ruleset" prints (man nft): filter and nat chains of the families inet, ip and ip6. Chains are made one list; what the model has no words for is told
/// with line and reason. Counters start anew, and log prefixes are not kept: entries of the log carry the rule.
/// </summary>
public static class NftablesImport
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The rules and what could not be taken over; never throws for a text.</returns>
    public static ImportedRules Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new ImportBuilder();
        List<NftToken> tokens = NftLexer.Read(text, out bool isCut);
        if (isCut)
        {
            builder.Problem(tokens[^1].Line, "", "the text is too long; what follows is left out");
        }

        var cursor = new NftCursor(tokens);
        List<NftTable> tables = [];
        for (cursor.SkipBreaks(); !cursor.IsAtEnd; cursor.SkipBreaks())
        {
            NftToken first = cursor.Peek;
            if (cursor.TryTake("table"))
            {
                ReadTable(cursor, first.Line, tables, builder);
                continue;
            }

            List<NftToken> statement = cursor.TakeStatement();
            if (statement.Count == 0)
            {
                // A brace that closes nothing.
                cursor.Take();
                builder.Problem(first.Line, first.Text, "the brace closes nothing");
            }
            else
            {
                builder.Problem(first.Line, NftCursor.Text(statement), "only tables as \"nft list ruleset\" prints them are understood");
            }
        }

        NftTable.Flatten(tables, builder);
        return builder.Finish();
    }

    private static void ReadTable(NftCursor cursor, int line, List<NftTable> tables, ImportBuilder builder)
    {
        string family = cursor.Take().Text;
        string name = cursor.Take().Text;
        if (name == "{")
        {
            name = family;
            family = "ip";
        }
        else if (!cursor.TryTake("{"))
        {
            builder.Problem(line, $"table {family} {name}", "the table cannot be read");
            cursor.TakeStatement();
            return;
        }

        RuleAddressFamily? version = family switch { "inet" => RuleAddressFamily.Any, "ip" => RuleAddressFamily.IPv4, "ip6" => RuleAddressFamily.IPv6, _ => null };
        if (version is null)
        {
            builder.Problem(line, $"table {family} {name}", $"tables of family {(family.Length > 20 ? "this" : family)} cannot be expressed");
            cursor.SkipBlock();
            return;
        }

        var table = new NftTable(family, name, version.Value);
        table.Read(cursor, builder);
        tables.Add(table);
    }
}
