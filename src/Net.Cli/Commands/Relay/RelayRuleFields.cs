using System.CommandLine;
using System.CommandLine.Parsing;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a rule of the relay.</summary>
internal sealed class RelayRuleFields
{
    private readonly Option<string?> _interface = Options.OfText("--interface", "NAME", "The interface packets come in by, with * and ?; it is waited for.");
    private readonly Option<AddressRange[]?> _group = Options.OfOne("--group", "GROUP", "A group, a prefix of groups, or a unicast address of this host.", AddressRange.Parse);
    private readonly Option<AddressRange[]?> _source = Options.OfOne("--source", "ADDRESS", "The source, an address or prefix; '' for any (default).", AddressRange.Parse);
    private readonly Option<PortRange[]?> _port = Options.OfOne("--port", "PORT", "The destination port, or a range such as 5000-5010; '' for esp.", PortRange.Parse);
    private readonly Option<RelayRuleProtocol?> _protocol = Options.OfChoice<RelayRuleProtocol>("--protocol", "The protocol above IP (default udp).");
    private readonly Option<AddressRange[]?> _allow = Options.OfList("--allow", "ADDRESSES", "Who may inject (default anybody).", AddressRange.Parse);
    private readonly Option<RelayEngine?> _engine = Options.OfChoice<RelayEngine>("--engine", "What moves the packets (default auto).");
    private readonly Option<OnOff?> _sequence = OverlayArguments.OfSwitch("--analyze-sequence", "Count loss from sequence numbers in the payload (default off).");
    private readonly Option<RelayDuplicates?> _duplicates = Options.OfChoice<RelayDuplicates>("--duplicates", "What to do where two sources send the same stream (default none).");
    private readonly Option<string?> _preferred = Options.OfText("--preferred-source", "ADDRESS", "With --duplicates standby, the source relayed while it sends.");
    private readonly Option<TimeSpan?> _standby = Options.OfDuration("--standby-after", "With --duplicates standby, silence after which another takes over (default 500ms).");
    private readonly Option<string?> _description = Options.OfText("--description", "TEXT", "What the rule is for.");
    private readonly Option<string?> _newName = Options.OfText("--new-name", "NAME", "A new name; id and counters stay.");
    private readonly Option<bool> _disabled = Options.OfFlag("--disabled", "The rule takes no part until it is enabled.");

    private readonly Option<RelayOutput[]?> _to = new("--to")
    {
        Description = "An output: INTERFACE, then destination=, port=, ttl=, source=, source-port=, dscp=, rate=, bit-rate=, oversize=, pause= as needed, with commas. "
            + "Repeat it; all outputs are replaced.",
        HelpName = "OUTPUT",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReadOutputs,
    };

    private RelayRuleFields()
    {
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isNew">Whether it makes a rule: then interface, group and outputs are required.</param>
    public static RelayRuleFields AddTo(Command command, bool isNew)
    {
        var fields = new RelayRuleFields();
        fields._interface.Required = isNew;
        fields._group.Required = isNew;
        fields._to.Required = isNew;
        Option[] all =
        [
            fields._interface, fields._group, fields._source, fields._port, fields._protocol, fields._allow, fields._to, fields._engine, fields._sequence,
            fields._duplicates, fields._preferred, fields._standby, fields._description, isNew ? fields._disabled : fields._newName,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }

        return fields;
    }

    /// <summary>A new rule.</summary>
    public RelayRule Create(CliCall call, string name) =>
        Apply(call, new RelayRule { Name = name, InterfaceAlias = call.Get(_interface)!, Group = call.Get(_group) is [var group] ? group : throw NoGroup(), Enabled = !call.Get(_disabled) });

    /// <summary>The rule with what the command line changes of it; an empty list or text takes a value away. What is so now is left out.</summary>
    public RelayRule Apply(CliCall call, RelayRule rule) => Document(rule) with
    {
        Name = call.Changed(_newName, rule.Name) ?? rule.Name,
        InterfaceAlias = call.Changed(_interface, rule.InterfaceAlias) ?? rule.InterfaceAlias,
        Group = call.Has(_group) ? (call.Get(_group) is [var group] ? group : throw NoGroup()) : rule.Group,
        Source = call.Has(_source) ? (call.Get(_source) is [var source] ? source : null) : rule.Source,
        Port = call.Has(_port) ? (call.Get(_port) is [var port] ? port : null) : rule.Port,
        Protocol = call.Get(_protocol) ?? rule.Protocol,
        AllowedSources = call.Changed(_allow, rule.AllowedSources),
        Outputs = call.Changed(_to, rule.Outputs),
        Engine = call.Get(_engine) ?? rule.Engine,
        AnalyzeSequence = call.IsOn(_sequence) ?? rule.AnalyzeSequence,
        Duplicates = call.Get(_duplicates) ?? rule.Duplicates,
        PreferredSource = call.Changed(_preferred, rule.PreferredSource),
        StandbyAfter = call.Get(_standby) is { } after ? (after == TimeSpan.Zero ? null : after) : rule.StandbyAfter,
        Description = call.Changed(_description, rule.Description),
    };

    /// <summary>The rule as a document has it, without what is so now.</summary>
    public static RelayRule Document(RelayRule rule) => rule with
    {
        State = null,
        Reason = null,
        EngineInUse = null,
        EngineReason = null,
        Worker = null,
        Packets = null,
        Bytes = null,
        PacketsPerSecond = null,
        BitsPerSecond = null,
        LastSeen = null,
    };

    private static EngineException NoGroup() => new(ErrorCatalogue.ArgumentInvalid, "--group: a rule needs a group or an address.", "--group");

    private static RelayOutput[]? ReadOutputs(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.Where(token => token.Value.Length > 0).Select(token => RelayOutput.Parse(token.Value))];
        }
        catch (FormatException problem)
        {
            return Options.Refuse<RelayOutput[]>(result, $"--to: {problem.Message}");
        }
    }
}
