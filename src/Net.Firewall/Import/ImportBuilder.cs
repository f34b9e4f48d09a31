using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Collects what an import gives: rules with ids and unique names, and problems, each once.</summary>
internal sealed class ImportBuilder
{
    /// <summary>Rules an import gives at most: chains that call each other can multiply without end.</summary>
    public const int MaxRules = 20_000;

    private const int MaxTextLength = 200;
    private readonly ImmutableArray<Rule>.Builder _rules = ImmutableArray.CreateBuilder<Rule>();
    private readonly ImmutableArray<NatRule>.Builder _natRules = ImmutableArray.CreateBuilder<NatRule>();
    private readonly List<ImportProblem> _problems = [];
    private readonly HashSet<ImportProblem> _known = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _repeated = new(StringComparer.OrdinalIgnoreCase);
    private long _nextId = 1;

    /// <summary>Whether no more rules are taken.</summary>
    public bool IsFull => _rules.Count + _natRules.Count >= MaxRules;

    /// <summary>Tells a problem; the same one only once.</summary>
    /// <param name="line">The line.</param>
    /// <param name="text">Its text.</param>
    /// <param name="reason">The reason.</param>
    public void Problem(int line, string text, string reason)
    {
        var problem = new ImportProblem(line, Shown(text), reason);
        if (_known.Add(problem))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Adds the rules a statement makes under what was asked on the way to it.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="match">What packets must be.</param>
    /// <param name="action">What happens to them.</param>
    public void Add(RuleDirection direction, ImportStatement statement, ImportMatch match, RuleAction action)
    {
        if (match.IsToThisHost && direction != RuleDirection.Inbound)
        {
            Problem(statement.Line, statement.Text, "whether the destination is an address of this host can only be asked of inbound packets and by NAT");
            return;
        }

        if (match is { SourcePorts: not null, Protocols: null } or { DestinationPorts: not null, Protocols: null })
        {
            Problem(statement.Line, statement.Text, "ports are given without a protocol");
            return;
        }

        List<RuleProtocol> protocols = Protocols(match);
        if (match.HasLimit && protocols.Count > 1)
        {
            Problem(statement.Line, statement.Text, "a limit for several protocols together cannot be expressed");
            return;
        }

        foreach (RuleProtocol protocol in protocols)
        {
            if (IsFull)
            {
                Full(statement);
                return;
            }

            Rule rule = Make(direction, statement, match, action, protocol);
            ImmutableArray<RuleProblem> wrong = FirewallRuleValidator.Validate(rule);
            if (!wrong.IsEmpty)
            {
                Problem(statement.Line, statement.Text, wrong[0].Message);
                continue;
            }

            _rules.Add(rule with { Id = _nextId++, Name = Unique(statement.Name) });
        }
    }

    /// <summary>Adds the NAT rules a statement makes under what was asked on the way to it.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="match">What packets must be.</param>
    /// <param name="nat">What is translated.</param>
    public void AddNat(ImportStatement statement, ImportMatch match, NatRule nat)
    {
        // NAT sees first packets of connections only, so a condition for new ones asks nothing.
        bool isPlain = match.States is null or ConnectionStates.New && match.IcmpTypes is null && match.TcpFlags is null && match.Dscp is null && match.Lengths is null && match.Macs is null
            && match.Mark is null && match.Users is null && match.Groups is null && match.Cgroup is null && !match.HasLimit && !match.IsReversePathMissing && !match.IsUnconfirmed;
        if (!isPlain)
        {
            Problem(statement.Line, statement.Text, "a NAT rule can ask for addresses, protocol, ports and interfaces only");
            return;
        }

        bool isSource = nat.Kind is NatKind.Masquerade or NatKind.Source or NatKind.SourcePrefix || nat.ExemptsSource;
        if (isSource ? match.Inputs is not null || match.IsToThisHost : match.Outputs is not null)
        {
            Problem(statement.Line, statement.Text, isSource ? "the source is translated after routing, where the input interface cannot be asked" : "the destination is translated before routing, where no output interface is known");
            return;
        }

        if (match is { SourcePorts: not null, Protocols: null } or { DestinationPorts: not null, Protocols: null })
        {
            Problem(statement.Line, statement.Text, "ports are given without a protocol");
            return;
        }

        foreach (RuleProtocol protocol in Protocols(match))
        {
            if (IsFull)
            {
                Full(statement);
                return;
            }

            NatRule rule = nat with
            {
                Id = 1,
                Name = statement.Name,
                AddressFamily = match.Family,
                Protocol = protocol,
                SourceAddresses = match.Sources ?? [],
                DestinationAddresses = match.Destinations ?? [],
                SourcePorts = match.SourcePorts ?? [],
                DestinationPorts = match.DestinationPorts ?? [],
                InputInterfaces = match.Inputs ?? [],
                OutputInterfaces = match.Outputs ?? [],
                IsToThisHost = match.IsToThisHost,
            };
            ImmutableArray<RuleProblem> wrong = FirewallRuleValidator.Validate(rule);
            if (!wrong.IsEmpty)
            {
                Problem(statement.Line, statement.Text, wrong[0].Message);
                continue;
            }

            _natRules.Add(rule with { Id = _nextId++, Name = Unique(statement.Name) });
        }
    }

    /// <summary>Lets a NAT rule that is there translate this host's own packets as well, when one like it is asked for them.</summary>
    /// <param name="match">What packets must be.</param>
    /// <param name="nat">What is translated.</param>
    /// <returns>False when there is none like it.</returns>
    public bool TryIncludeOwn(ImportMatch match, NatRule nat)
    {
        for (int i = 0; i < _natRules.Count; i++)
        {
            NatRule there = _natRules[i];
            if (there.Kind == nat.Kind && there.ToAddresses == nat.ToAddresses && there.ToPorts == nat.ToPorts && there.InputInterfaces.IsEmpty
                && match is { Inputs: null, Outputs: null } && there.IsToThisHost == match.IsToThisHost && there.AddressFamily == match.Family
                && there.SourceAddresses.AsSpan().SequenceEqual((match.Sources ?? []).AsSpan())
                && there.DestinationAddresses.AsSpan().SequenceEqual((match.Destinations ?? []).AsSpan())
                && there.DestinationPorts.AsSpan().SequenceEqual((match.DestinationPorts ?? []).AsSpan())
                && there.SourcePorts.AsSpan().SequenceEqual((match.SourcePorts ?? []).AsSpan())
                && (match.Protocols is not { } protocols || (protocols.Length == 1 && there.Protocol.Number == protocols[0]))
                && (match.Protocols is not null || there.Protocol.IsAny))
            {
                _natRules[i] = there with { IncludesOwnPackets = true };
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells that there are too many rules.</summary>
    /// <param name="statement">Where it was noticed.</param>
    public void Full(ImportStatement statement) => Problem(statement.Line, statement.Text, FormattableString.Invariant($"an import gives at most {MaxRules} rules; this and what follows is left out"));

    /// <summary>What was collected.</summary>
    public ImportedRules Finish() => new()
    {
        Rules = _rules.DrainToImmutable(),
        NatRules = _natRules.DrainToImmutable(),
        Problems = [.. _problems.OrderBy(static problem => problem.Line)],
    };

    /// <summary>A name without what a name must not have.</summary>
    /// <param name="text">The text.</param>
    /// <param name="otherwise">The name when nothing is left.</param>
    public static string NameFrom(string? text, string otherwise)
    {
        string name = string.Concat((text ?? "").Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        return name.Length == 0 ? otherwise : name.Length > Rule.MaxNameLength ? name[..Rule.MaxNameLength].Trim() : name;
    }

    // Both versions of ICMP are one protocol of the model; everything else is a rule each.
    private static List<RuleProtocol> Protocols(ImportMatch match) => match.Protocols is not { } numbers ? [RuleProtocol.Any]
        : numbers.Length == 2 && numbers.Contains((byte)1) && numbers.Contains((byte)58) && match.IcmpTypes is null ? [RuleProtocol.Icmp]
        : [.. numbers.Distinct().Select(RuleProtocol.FromNumber)];

    private static Rule Make(RuleDirection direction, ImportStatement statement, ImportMatch match, RuleAction action, RuleProtocol protocol)
    {
        var conditions = new RuleConditions
        {
            ConnectionStates = match.States ?? ConnectionStates.None,
            IcmpTypes = match.IcmpTypes ?? [],
            TcpFlags = match.TcpFlags,
            Dscp = match.Dscp ?? [],
            PacketLengths = match.Lengths ?? [],
            SourceMacs = match.Macs ?? [],
            Mark = match.Mark,
            Users = match.Users ?? [],
            Groups = match.Groups ?? [],
            Cgroup = match.Cgroup,
            Rate = match.Rate,
            Connections = match.Connections,
            IsReversePathMissing = match.IsReversePathMissing,
            IsUnconfirmed = match.IsUnconfirmed,
        };
        return new Rule
        {
            Id = 1,
            Name = statement.Name,
            Direction = direction,
            Action = action,
            AddressFamily = match.Family,
            Protocol = protocol,
            SourceAddresses = match.Sources ?? [],
            DestinationAddresses = match.Destinations ?? [],
            SourcePorts = match.SourcePorts ?? [],
            DestinationPorts = match.DestinationPorts ?? [],
            InputInterfaces = match.Inputs ?? [],
            OutputInterfaces = match.Outputs ?? [],
            Conditions = conditions == new RuleConditions() ? null : conditions,
            Effects = statement.Effects,
        };
    }

    private string Unique(string name)
    {
        if (_names.Add(name))
        {
            return name;
        }

        while (true)
        {
            int number = _repeated[name] = _repeated.GetValueOrDefault(name, 1) + 1;
            string ending = string.Create(CultureInfo.InvariantCulture, $" ({number})");
            string candidate = string.Concat(name.AsSpan(0, Math.Min(name.Length, Rule.MaxNameLength - ending.Length)), ending);
            if (_names.Add(candidate))
            {
                return candidate;
            }
        }
    }

    private static string Shown(string text)
    {
        string shown = text.Length > MaxTextLength ? string.Concat(text.AsSpan(0, MaxTextLength - 3), "...") : text;
        return string.Concat(shown.Select(static c => char.IsControl(c) ? ' ' : c));
    }
}
