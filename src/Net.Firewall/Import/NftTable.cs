using System.Globalization;

namespace Net.Firewall;

/// <summary>A table of nft's language: its sets, its chains, and which of them are on hooks.</summary>
/// <param name="family">The family.</param>
/// <param name="name">The name.</param>
/// <param name="version">The IP version; Any for inet.</param>
internal sealed class NftTable(string family, string name, RuleAddressFamily version)
{
    private readonly Dictionary<string, NftSetContent> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImportChain> _chains = new(StringComparer.Ordinal);
    private readonly List<BaseChain> _bases = [];
    private readonly List<(ImportChain Chain, List<NftToken> Tokens)> _rules = [];

    /// <summary>Reads it up to its closing brace.</summary>
    /// <param name="cursor">Where from.</param>
    /// <param name="builder">Where problems go.</param>
    public void Read(NftCursor cursor, ImportBuilder builder)
    {
        for (cursor.SkipBreaks(); !cursor.IsAtEnd && !cursor.TryTake("}"); cursor.SkipBreaks())
        {
            NftToken kind = cursor.Peek;
            if (kind.Is("chain"))
            {
                cursor.Take();
                ReadChain(cursor, builder);
            }
            else if (kind.Is("set") || kind.Is("map"))
            {
                cursor.Take();
                ReadSet(cursor);
            }
            else
            {
                SkipObject(cursor, builder);
            }
        }

        // Sets may stand behind the chains that ask them.
        foreach ((ImportChain chain, List<NftToken> tokens) in _rules)
        {
            string title = ImportBuilder.NameFrom(string.Create(CultureInfo.InvariantCulture, $"nftables {chain.Name} {chain.Statements.Count + 1}"), "nftables");
            chain.Statements.AddRange(new NftRuleReader(tokens, _sets, builder).Read(title));
        }
    }

    /// <summary>Writes the chains on hooks of all tables in the order packets meet them.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="builder">Where to.</param>
    public static void Flatten(List<NftTable> tables, ImportBuilder builder)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach ((NftTable table, BaseChain on) in tables.SelectMany(static table => table._bases.Select(on => (table, on))).OrderBy(static pair => pair.on.Priority))
        {
            table.Flatten(on, taken, builder);
        }

        foreach (NftTable table in tables)
        {
            table.TellUnreached(builder);
        }
    }

    private void Flatten(BaseChain on, HashSet<string> taken, ImportBuilder builder)
    {
        bool isFilter = on.Type == "filter" && on.Hook is "input" or "forward" or "output" && on.Type == "filter";
        bool isNat = on.Type == "nat" && on.Hook is "prerouting" or "postrouting" or "output" && on.Type == "nat";
        if (!isFilter && !isNat)
        {
            TellAll(on.Chain, builder, $"chains of type {on.Type} on hook {on.Hook} cannot be expressed");
            return;
        }

        // What one base chain accepts the next may still drop; joined in one list it would pass. Chains of one IP version each are apart.
        bool isFirst = taken.Add($"{on.Type} {on.Hook} {version}") && (version == RuleAddressFamily.Any
            ? !taken.Contains($"{on.Type} {on.Hook} IPv4") && !taken.Contains($"{on.Type} {on.Hook} IPv6")
            : !taken.Contains($"{on.Type} {on.Hook} Any"));
        if (!isFirst)
        {
            TellAll(on.Chain, builder, $"a second chain on hook {on.Hook} cannot be joined with the first");
            return;
        }

        new ImportFlattener(builder, _chains, (statement, match) => Emit(builder, on, statement, match)).Flatten(on.Chain);
    }

    private static void TellAll(ImportChain chain, ImportBuilder builder, string reason)
    {
        foreach (ImportStatement statement in chain.Statements)
        {
            builder.Problem(statement.Line, statement.Text, reason);
        }

        if (chain.Policy == ImportTarget.Drop)
        {
            builder.Problem(chain.PolicyLine, $"policy of {chain.Name}", reason);
        }
    }

    private void TellUnreached(ImportBuilder builder)
    {
        HashSet<ImportChain> reached = [];
        var pending = new Stack<ImportChain>(_bases.Select(static on => on.Chain));
        while (pending.TryPop(out ImportChain? next))
        {
            if (!reached.Add(next))
            {
                continue;
            }

            foreach (ImportStatement statement in next.Statements)
            {
                if (statement.Target is ImportTarget.Jump or ImportTarget.Goto && _chains.TryGetValue(statement.Chain ?? "", out ImportChain? target))
                {
                    pending.Push(target);
                }
            }
        }

        foreach (ImportChain chain in _chains.Values.Where(chain => !reached.Contains(chain)))
        {
            TellAll(chain, builder, $"nothing leads to chain {chain.Name}");
        }
    }

    private void Emit(ImportBuilder builder, BaseChain on, ImportStatement statement, ImportMatch match)
    {
        // Packets of the other IP version never come to a chain of one: even its policy is for its own.
        ImportMatch? asked = version == RuleAddressFamily.Any ? match : match.And(ImportMatch.Any with { Family = version }, out _);
        if (asked is null)
        {
            return;
        }

        if (on.Type == "filter")
        {
            if (statement.Target == ImportTarget.Nat)
            {
                builder.Problem(statement.Line, statement.Text, "addresses are not translated in a chain of type filter");
                return;
            }

            builder.Add(
                on.Hook switch { "input" => RuleDirection.Inbound, "output" => RuleDirection.Outbound, _ => RuleDirection.Forward },
                statement,
                asked,
                statement.Target switch { ImportTarget.Accept => RuleAction.Allow, ImportTarget.Drop => RuleAction.Block, ImportTarget.Reject => RuleAction.Reject, _ => RuleAction.Continue });
            return;
        }

        NatRule? nat = statement.Target switch
        {
            ImportTarget.Nat => statement.Nat,
            ImportTarget.Accept => new NatRule { Id = 0, Name = "", Kind = NatKind.Exempt, ExemptsSource = on.Hook == "postrouting" },
            _ => null,
        };
        bool isSource = nat is not null && (nat.Kind is NatKind.Masquerade or NatKind.Source or NatKind.SourcePrefix || nat.ExemptsSource);
        if (nat is null || isSource != (on.Hook == "postrouting"))
        {
            builder.Problem(statement.Line, statement.Text, $"in a nat chain on hook {on.Hook} this cannot be expressed");
        }
        else if (on.Hook != "output")
        {
            builder.AddNat(statement, asked, nat);
        }
        else if (!builder.TryIncludeOwn(asked, nat))
        {
            builder.Problem(statement.Line, statement.Text, "translating this host's own packets and no others cannot be expressed");
        }
    }

    private void ReadChain(NftCursor cursor, ImportBuilder builder)
    {
        NftToken title = cursor.Take();
        if (!cursor.TryTake("{"))
        {
            builder.Problem(title.Line, $"chain {title.Text}", "the chain cannot be read");
            cursor.TakeStatement();
            return;
        }

        if (!_chains.TryGetValue(title.Text, out ImportChain? chain))
        {
            chain = new ImportChain(title.Text) { PolicyLine = title.Line };
            _chains.Add(title.Text, chain);
        }

        for (cursor.SkipBreaks(); !cursor.IsAtEnd && !cursor.TryTake("}"); cursor.SkipBreaks())
        {
            List<NftToken> statement = cursor.TakeStatement();
            if (statement.Count == 0)
            {
                break;
            }

            if (statement[0].Is("type") && statement.Count > 3 && statement[2].Is("hook"))
            {
                AddBase(chain, statement, builder);
            }
            else if (statement[0].Is("policy") && statement.Count == 2)
            {
                chain.Policy = statement[1].Is("drop") ? ImportTarget.Drop : ImportTarget.Accept;
                chain.PolicyLine = statement[0].Line;
            }
            else if (!(statement[0].Is("comment") && statement.Count == 2) && !statement[0].Is("devices"))
            {
                _rules.Add((chain, statement));
            }
        }
    }

    private void AddBase(ImportChain chain, List<NftToken> statement, ImportBuilder builder)
    {
        int priority = 0;
        int sign = 1;
        foreach (NftToken token in statement.SkipWhile(static token => !token.Is("priority")).Skip(1))
        {
            // Names of linux/netfilter_ipv4.h, with an offset behind them.
            int? number = token.Text switch
            {
                "raw" => -300,
                "mangle" => -150,
                "dstnat" => -100,
                "filter" => 0,
                "security" => 50,
                "srcnat" => 100,
                _ => int.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int read) && Math.Abs((long)read) < 1_000_000 ? read : null,
            };
            sign = token.Text == "-" ? -1 : token.Text == "+" ? 1 : sign;
            priority += (number ?? 0) * sign;
        }

        chain.Policy = chain.Policy == ImportTarget.Continue ? ImportTarget.Accept : chain.Policy;
        chain.PolicyLine = statement[0].Line;
        _bases.Add(new BaseChain(chain, statement[1].Text, statement[3].Text, priority));
    }

    private void ReadSet(NftCursor cursor)
    {
        var set = new NftSetContent(cursor.Take().Text);
        _sets[set.Name] = set;
        if (!cursor.TryTake("{"))
        {
            set.IsUnusable = true;
            cursor.TakeStatement();
            return;
        }

        for (cursor.SkipBreaks(); !cursor.IsAtEnd && !cursor.TryTake("}"); cursor.SkipBreaks())
        {
            List<NftToken> statement = cursor.TakeStatement();
            if (statement.Count == 0)
            {
                break;
            }

            if (statement[0].Is("flags"))
            {
                set.IsUnusable |= statement.Exists(static token => token.Is("dynamic") || token.Is("timeout"));
            }
            else if (statement[0].Is("elements"))
            {
                ReadElements(set, statement);
            }
        }
    }

    private static void ReadElements(NftSetContent set, List<NftToken> statement)
    {
        var inner = new NftCursor(statement);
        inner.Take();
        if (!inner.TryTake("=") || !inner.TryTake("{") || !NftRuleReader.TryReadMap(inner, set.Verdicts, () => set.IsUnusable = true))
        {
            set.IsUnusable = true;
            return;
        }

        set.Elements.AddRange(set.Verdicts.Select(static entry => entry.Key));
    }

    private void SkipObject(NftCursor cursor, ImportBuilder builder)
    {
        NftToken first = cursor.Peek;
        List<NftToken> statement = [];
        while (!cursor.IsAtEnd && !cursor.Peek.Is("\n") && !cursor.Peek.Is(";") && !cursor.Peek.Is("{") && !cursor.Peek.Is("}"))
        {
            statement.Add(cursor.Take());
        }

        if (cursor.TryTake("{"))
        {
            cursor.SkipBlock();
        }

        // Counters are counted anew; what else is defined here shows up where a rule asks it.
        if (statement.Count > 0 && statement[0] is not { IsString: false, Text: "counter" or "quota" or "limit" or "ct" or "comment" or "flags" or "secmark" or "synproxy" or "flowtable" })
        {
            builder.Problem(first.Line, NftCursor.Text(statement), $"this part of table {family} {name} is not understood");
        }
    }

    private sealed record BaseChain(ImportChain Chain, string Type, string Hook, int Priority);
}
