using System.CommandLine;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a policy rule.</summary>
internal sealed class OverlayPolicyFields
{
    private readonly Option<OverlayAction?> _action = Options.OfChoice<OverlayAction>("--action", "What it does (default allow).");
    private readonly Option<string[]?> _from = Options.OfList("--from", "WHO", "Who opens the connection: peers, self, group:NAME, prefixes, or * (default).");
    private readonly Option<string[]?> _to = Options.OfList("--to", "WHO", "Who is reached: the same words.");
    private readonly Option<IpProtocol?> _protocol = Options.OfChoice<IpProtocol>("--protocol", "The protocol above IP (default any).");
    private readonly Option<PortRange[]?> _port = Options.OfList("--port", "PORTS", "Destination ports, such as 443 or 8000-8010.", PortRange.Parse);
    private readonly Option<DayOfWeek[]?> _day = Options.OfList("--day", "DAYS", "Days it holds, such as monday (default all).", ReadDay);
    private readonly Option<TimeOnly?> _start = OfTime("--start", "When on those days it begins to hold, such as 08:00 (default midnight).");
    private readonly Option<TimeOnly?> _end = OfTime("--end", "When it ends to hold; before --start means on the next day (default midnight).");
    private readonly Option<string?> _zone = Options.OfText("--time-zone", "ZONE", "The zone of the times, such as Europe/Berlin (default UTC).");
    private readonly Option<OnOff?> _enabled = OverlayArguments.OfSwitch("--enabled", "Whether it counts (default on).");
    private readonly Option<string?> _description = Options.OfText("--description", "TEXT", "What the rule is for.");
    private readonly Option<long?> _position = Options.OfNumber("--position", "NUMBER", "The place among the rules, from 1 (default: last).", 1, int.MaxValue);

    /// <summary>Adds the options to a command.</summary>
    public static OverlayPolicyFields AddTo(Command command)
    {
        var fields = new OverlayPolicyFields();
        Option[] all =
        [
            fields._action, fields._from, fields._to, fields._protocol, fields._port, fields._day, fields._start, fields._end, fields._zone,
            fields._enabled, fields._description, fields._position,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }

        return fields;
    }

    /// <summary>The rule with what the command line changes of it; an empty list or text takes a value away.</summary>
    public OverlayPolicyRule Apply(CliCall call, OverlayPolicyRule rule) => rule with
    {
        Action = call.Get(_action) ?? rule.Action,
        From = Everybody(call.Changed(_from, rule.From)),
        To = Everybody(call.Changed(_to, rule.To)),
        Protocol = call.Get(_protocol) is { } protocol ? (protocol == IpProtocol.Any ? null : protocol) : rule.Protocol,
        Port = call.Changed(_port, rule.Port),
        Days = call.Changed(_day, rule.Days),
        StartTime = Changed(call.Get(_start), rule.StartTime),
        EndTime = Changed(call.Get(_end), rule.EndTime),
        TimeZone = call.Changed(_zone, rule.TimeZone),
        Enabled = call.IsOn(_enabled) ?? rule.Enabled,
        Description = call.Changed(_description, rule.Description),

        // Without a place the rule keeps its own; the one that was read may be another's by now.
        Position = (int?)call.Get(_position),
        Matches = null,
    };

    private static string[] Everybody(string[] who) => who.Length == 0 ? ["*"] : who;

    private static TimeOnly? Changed(TimeOnly? given, TimeOnly? before) => given is null ? before : given == TimeOnly.MinValue ? null : given;

    private static DayOfWeek ReadDay(string text) =>
        Options.ReadChoice<DayOfWeek>(text) ?? throw new FormatException(Options.NotAChoice<DayOfWeek>("a day", text));

    private static Option<TimeOnly?> OfTime(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HH:MM",
        CustomParser = result => TimeOnly.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out TimeOnly time)
            ? time
            : Options.Refuse<TimeOnly?>(result, $"{name}: '{result.Tokens[0].Value}' is not a time of day such as 08:00."),
    };
}
