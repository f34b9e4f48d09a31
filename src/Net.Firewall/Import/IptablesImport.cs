using System.Globalization;

namespace Net.Firewall;

/// <summary>
/// Reads what iptables-save and ip6tables-save print (man iptables-save, iptables-extensions). Chains are made one list; what the model has no words for is told with line and
/// reason. LOG prefixes and levels are not kept: entries of the log carry the rule.
/// </summary>
public static class IptablesImport
{
    private const int MaxLines = 200_000;

    /// <summary>Reads a text, or several one after the other.</summary>
    /// <param name="text">The text.</param>
    /// <param name="family">Its IP version; Any to find out by the comment the tools begin with, else by whether IPv6 addresses occur.</param>
    /// <returns>The rules and what could not be taken over; never throws for a text.</returns>
    public static ImportedRules Read(string text, RuleAddressFamily family = RuleAddressFamily.Any)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new ImportBuilder();
        RuleAddressFamily current = family == RuleAddressFamily.Any ? Guess(text) : family;
        IptablesTable? table = null;
        List<IptablesTable> tables = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.Trim().ToString();
            if (number > MaxLines)
            {
                builder.Problem(number, line, "the text has more than 200000 lines; what follows is left out");
                break;
            }

            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] == '#')
            {
                current = family != RuleAddressFamily.Any ? family
                    : line.Contains("ip6tables-save", StringComparison.Ordinal) ? RuleAddressFamily.IPv6
                    : line.Contains("iptables-save", StringComparison.Ordinal) ? RuleAddressFamily.IPv4
                    : current;
                continue;
            }

            if (line[0] == '*')
            {
                table = new IptablesTable(line[1..].Trim(), current);
                tables.Add(table);
            }
            else if (line == "COMMIT")
            {
                table = null;
            }
            else if (table is null)
            {
                builder.Problem(number, line, "the line is in no table");
            }
            else
            {
                table.Add(line, number, builder);
            }
        }

        // The order packets meet the tables in: mangle before filter, on each hook.
        foreach (IptablesTable each in tables.OrderBy(static each => each.Name is "mangle" ? 0 : 1))
        {
            each.Flatten(builder);
        }

        return builder.Finish();
    }

    private static RuleAddressFamily Guess(string text) =>
        text.Contains("icmpv6", StringComparison.Ordinal) || text.Contains("ipv6-icmp", StringComparison.Ordinal) || text.Contains("icmp6", StringComparison.Ordinal) || text.Contains("::/", StringComparison.Ordinal)
            ? RuleAddressFamily.IPv6
            : RuleAddressFamily.IPv4;

    private sealed class IptablesTable(string name, RuleAddressFamily family)
    {
        private readonly Dictionary<string, ImportChain> _chains = new(StringComparer.Ordinal);

        public string Name { get; } = name;

        public void Add(string line, int number, ImportBuilder builder)
        {
            if (line[0] == ':')
            {
                AddChain(line, number, builder);
                return;
            }

            // Counters in front of a rule, as "iptables-save -c" prints them.
            int bracket = line[0] == '[' ? line.IndexOf(']', StringComparison.Ordinal) : -1;
            var options = new IptablesOptions(bracket >= 0 ? line[(bracket + 1)..] : line);
            if (options.IsQuoteOpen)
            {
                builder.Problem(number, line, "a quote is never closed");
                return;
            }

            if (!options.TryTake("-A") && !options.TryTake("--append"))
            {
                builder.Problem(number, line, "only lines that append a rule (-A) are understood");
                return;
            }

            string chainName = options.Take();
            if (chainName.Length == 0 || chainName.Length > 64)
            {
                builder.Problem(number, line, "the chain has no name, or a very long one");
                return;
            }

            ImportChain chain = Chain(chainName);
            string title = ImportBuilder.NameFrom(string.Create(CultureInfo.InvariantCulture, $"{(family == RuleAddressFamily.IPv6 ? "ip6tables" : "iptables")} {chainName} {chain.Statements.Count + 1}"), "iptables");
            ImportStatement statement = new IptablesRule(family, Name).Read(options, number, line, title, out string? problem);
            if (problem is not null)
            {
                builder.Problem(number, line, problem);
                statement = statement with { Target = ImportTarget.Unknown };
            }

            chain.Statements.Add(statement);
        }

        public void Flatten(ImportBuilder builder)
        {
            string[] hooks = Name switch
            {
                "filter" or "mangle" => ["INPUT", "FORWARD", "OUTPUT"],
                "nat" => ["PREROUTING", "POSTROUTING", "OUTPUT"],
                _ => [],
            };
            HashSet<ImportChain> reached = [];
            foreach (string hook in hooks)
            {
                if (_chains.TryGetValue(hook, out ImportChain? chain))
                {
                    new ImportFlattener(builder, _chains, (statement, match) => Emit(builder, hook, statement, match)).Flatten(chain);
                    Reach(chain, reached);
                }
            }

            foreach (ImportChain chain in _chains.Values.Where(chain => !reached.Contains(chain)))
            {
                foreach (ImportStatement statement in chain.Statements)
                {
                    builder.Problem(statement.Line, statement.Text, Reason(chain));
                }

                if (chain.Policy == ImportTarget.Drop)
                {
                    builder.Problem(chain.PolicyLine, $"policy of {chain.Name}", Reason(chain));
                }
            }
        }

        private string Reason(ImportChain chain) => Name is "filter" or "nat" or "mangle"
            ? chain.Policy == ImportTarget.Continue ? $"nothing leads to chain {chain.Name}" : $"chain {chain.Name} of table {Name} cannot be expressed"
            : $"table {Name} cannot be expressed";

        private void Reach(ImportChain chain, HashSet<ImportChain> reached)
        {
            var pending = new Stack<ImportChain>([chain]);
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
        }

        private void Emit(ImportBuilder builder, string hook, ImportStatement statement, ImportMatch match)
        {
            if (Name == "nat")
            {
                EmitNat(builder, hook, statement, match);
                return;
            }

            if (statement.Target == ImportTarget.Nat)
            {
                builder.Problem(statement.Line, statement.Text, $"addresses are not translated in table {Name}");
                return;
            }

            if (Name == "mangle" && statement.Target == ImportTarget.Accept)
            {
                builder.Problem(statement.Line, statement.Text, "a return with conditions ends only table mangle, which cannot be expressed");
                return;
            }

            builder.Add(
                hook switch { "INPUT" => RuleDirection.Inbound, "OUTPUT" => RuleDirection.Outbound, _ => RuleDirection.Forward },
                statement,
                match,
                statement.Target switch { ImportTarget.Accept => RuleAction.Allow, ImportTarget.Drop => RuleAction.Block, ImportTarget.Reject => RuleAction.Reject, _ => RuleAction.Continue });
        }

        private static void EmitNat(ImportBuilder builder, string hook, ImportStatement statement, ImportMatch match)
        {
            NatRule? nat = statement.Target switch
            {
                ImportTarget.Nat => statement.Nat,
                ImportTarget.Accept => new NatRule { Id = 0, Name = "", Kind = NatKind.Exempt, ExemptsSource = hook == "POSTROUTING" },
                _ => null,
            };
            if (nat is null)
            {
                builder.Problem(statement.Line, statement.Text, "only targets that translate, ACCEPT and RETURN can be expressed in table nat");
                return;
            }

            // NETMAP says by its chain which side it changes.
            nat = nat.Kind == NatKind.DestinationPrefix && hook == "POSTROUTING" ? nat with { Kind = NatKind.SourcePrefix } : nat;
            bool isSource = nat.Kind is NatKind.Masquerade or NatKind.Source or NatKind.SourcePrefix || nat.ExemptsSource;
            if (isSource != (hook == "POSTROUTING"))
            {
                builder.Problem(statement.Line, statement.Text, $"{nat.Kind} cannot be in chain {hook}");
            }
            else if (hook != "OUTPUT")
            {
                builder.AddNat(statement, match, nat);
            }
            else if (!builder.TryIncludeOwn(match, nat))
            {
                builder.Problem(statement.Line, statement.Text, "translating this host's own packets and no others cannot be expressed");
            }
        }

        private ImportChain Chain(string chainName)
        {
            if (!_chains.TryGetValue(chainName, out ImportChain? chain))
            {
                chain = new ImportChain(chainName);
                _chains.Add(chainName, chain);
            }

            return chain;
        }

        private void AddChain(string line, int number, ImportBuilder builder)
        {
            string[] words = line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[0].Length > 64)
            {
                builder.Problem(number, line, "the chain cannot be read");
                return;
            }

            ImportChain chain = Chain(words[0]);
            chain.PolicyLine = number;
            chain.Policy = words[1] switch { "ACCEPT" => ImportTarget.Accept, "DROP" => ImportTarget.Drop, _ => ImportTarget.Continue };
            if (words[1] is not ("ACCEPT" or "DROP" or "-"))
            {
                builder.Problem(number, line, "the policy is neither ACCEPT nor DROP");
            }
        }
    }
}
