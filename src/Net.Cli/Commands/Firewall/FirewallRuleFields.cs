using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of a firewall rule.</summary>
internal static class FirewallRuleFields
{
    private const string Ports = "PORTS";
    private const string Addresses = "ADDRESSES";
    private const string Names = "NAMES";
    private const string Before = "--before";
    private const string After = "--after";

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(ItemFields<FirewallRule> fields)
    {
        AddPlaces(fields);
        AddEnds(fields);
        AddConditions(fields);
        AddLimits(fields);
        AddEffects(fields);
        AddTimes(fields);
    }

    /// <summary>The rules a rule goes before or behind, as the command line says.</summary>
    public static (string? Before, string? After) PlaceOf(CliCall call) =>
        call.Parse.CommandResult.Command.Options.Any(option => option.Name == Before) ? (call.Parse.GetValue<string?>(Before), call.Parse.GetValue<string?>(After)) : (null, null);

    private static void AddPlaces(ItemFields<FirewallRule> fields)
    {
        fields
            .Choice<RuleDirection>("--direction", "Which packets it looks at (default inbound).", (rule, value) => rule.Direction = value)
            .Choice<RuleAction>("--action", "What happens to a packet that matches (default allow).", (rule, value) => rule.Action = value)
            .Choice<IpProtocol>("--protocol", "The protocol above IP (default any).", (rule, value) => rule.Protocol = value)
            .Choice<IpFamily>("--family", "Which versions of IP (default any).", (rule, value) => rule.Family = value)
            .Text("--description", "TEXT", "What the rule is for.", (rule, value) => rule.Description = value)
            .Text("--group", "GROUP", "The group it is enabled and disabled with.", (rule, value) => rule.Group = value)
            .Number("--position", "NUMBER", "The place in the order of all rules, from 1 (default: behind all others).", 1, int.MaxValue, (rule, value) => rule.Position = (int)value)
            .Text(Before, "NAME", "The rule it goes before, instead of --position.", (_, _) => { })
            .Text(After, "NAME", "The rule it goes behind, instead of --position.", (_, _) => { });
        if (fields.IsNew)
        {
            fields.Flag("--disabled", "The rule takes no part until it is enabled.", rule => rule.Enabled = false);
        }
    }

    private static void AddEnds(ItemFields<FirewallRule> fields) => fields
        .List("--local-port", Ports, "This host's ports, such as 443 or 8000-8010.", PortRange.Parse, (rule, value) => rule.LocalPort = value)
        .List("--remote-port", Ports, "The other host's ports.", PortRange.Parse, (rule, value) => rule.RemotePort = value)
        .List("--local-address", Addresses, "This host's addresses, prefixes or ranges.", AddressRange.Parse, (rule, value) => rule.LocalAddress = value)
        .List("--remote-address", Addresses, "The other host's addresses, prefixes or ranges.", AddressRange.Parse, (rule, value) => rule.RemoteAddress = value)
        .List("--source-port", Ports, "Source ports of a forward rule.", PortRange.Parse, (rule, value) => rule.SourcePort = value)
        .List("--destination-port", Ports, "Destination ports of a forward rule.", PortRange.Parse, (rule, value) => rule.DestinationPort = value)
        .List("--source-address", Addresses, "Source addresses of a forward rule.", AddressRange.Parse, (rule, value) => rule.SourceAddress = value)
        .List("--destination-address", Addresses, "Destination addresses of a forward rule.", AddressRange.Parse, (rule, value) => rule.DestinationAddress = value)
        .Words("--interface", Names, "Interfaces packets come in by (outbound: leave by); a trailing * matches any ending.", (rule, value) => rule.InterfaceAlias = value)
        .Words("--out-interface", Names, "Interfaces forwarded packets leave by.", (rule, value) => rule.OutInterfaceAlias = value)
        .Text("--zone", "ZONE", "The zone packets come in from (outbound: leave into).", (rule, value) => rule.Zone = value)
        .Text("--out-zone", "ZONE", "The zone forwarded packets leave into.", (rule, value) => rule.OutZone = value)
        .Words("--local-address-list", Names, "Address lists for this host's address.", (rule, value) => rule.LocalAddressList = value)
        .Words("--remote-address-list", Names, "Address lists for the other host's address.", (rule, value) => rule.RemoteAddressList = value)
        .Words("--source-address-list", Names, "Address lists for the source of a forward rule.", (rule, value) => rule.SourceAddressList = value)
        .Words("--destination-address-list", Names, "Address lists for the destination of a forward rule.", (rule, value) => rule.DestinationAddressList = value)
        .Words("--local-port-list", Names, "Port lists for this host's port.", (rule, value) => rule.LocalPortList = value)
        .Words("--remote-port-list", Names, "Port lists for the other host's port.", (rule, value) => rule.RemotePortList = value)
        .Words("--source-port-list", Names, "Port lists for the source of a forward rule.", (rule, value) => rule.SourcePortList = value)
        .Words("--destination-port-list", Names, "Port lists for the destination of a forward rule.", (rule, value) => rule.DestinationPortList = value);

    private static void AddConditions(ItemFields<FirewallRule> fields) => fields
        .List("--connection-state", "STATES", "States of the connection: new, established, related, invalid, untracked.", Choice<ConnectionState>, (rule, value) => rule.ConnectionState = value)
        .Words("--icmp-type", "TYPES", "ICMP types by name or number, such as echo-request or 3/4.", (rule, value) => rule.IcmpType = value)
        .Text("--tcp-flags", "FLAGS", "TCP flags that must be set, with ! not be set: syn,!ack.", (rule, value) => rule.TcpFlags = value)
        .Words("--dscp", "POINTS", "Code points by name or number, such as ef.", (rule, value) => rule.Dscp = value)
        .Words("--packet-length", "LENGTHS", "Lengths of the IP packet in bytes, such as 1000-1500.", (rule, value) => rule.PacketLength = value)
        .Words("--source-mac", "ADDRESSES", "Ethernet addresses of the sender.", (rule, value) => rule.SourceMac = value)
        .Text("--mark", "MARK", "The packet mark, such as 0x10/0xff.", (rule, value) => rule.Mark = value)
        .Words("--user", "USERS", "Users who send, by name or id; outbound only.", (rule, value) => rule.User = value)
        .Words("--user-group", "GROUPS", "Groups that send, by name or id; outbound only.", (rule, value) => rule.UserGroup = value)
        .Text("--cgroup", "PATH", "The control group of the program, such as system.slice/nginx.service.", (rule, value) => rule.Cgroup = value);

    private static void AddLimits(ItemFields<FirewallRule> fields) => fields
        .Text("--rate-limit", "RATE", "The rate packets must be within, such as 10/second or 2MB/second.", (rule, value) => rule.RateLimit = value)
        .Number("--rate-burst", "NUMBER", "What may come at once beyond the rate; 0 for 5 packets.", 0, long.MaxValue, (rule, value) => rule.RateBurst = value == 0 ? null : value)
        .Switch("--rate-per-source", "Each source has a rate of its own.", (rule, value) => rule.RatePerSource = value)
        .Switch("--above-rate", "The rule matches what is above the rate instead.", (rule, value) => rule.AboveRate = value)
        .Number("--connection-limit", "NUMBER", "Connections that match may be there at most; 0 for any.", 0, int.MaxValue, (rule, value) => rule.ConnectionLimit = value == 0 ? null : (int)value)
        .Switch("--connection-limit-per-source", "Each source has that many.", (rule, value) => rule.ConnectionLimitPerSource = value)
        .Switch("--above-connection-limit", "The rule matches connections above the limit instead.", (rule, value) => rule.AboveConnectionLimit = value);

    private static void AddEffects(ItemFields<FirewallRule> fields) => fields
        .Switch("--log", "Matches are logged.", (rule, value) => rule.Log = value)
        .Choice<FirewallReject>("--reject-with", "How a rejected packet's sender is told (default by protocol).", (rule, value) => rule.RejectWith = value)
        .Text("--set-dscp", "POINT", "The code point packets get.", (rule, value) => rule.SetDscp = value)
        .Number("--set-ttl", "NUMBER", "The TTL or hop limit packets get; 0 leaves it.", 0, 255, (rule, value) => rule.SetTtl = value == 0 ? null : (int)value)
        .Text("--set-mark", "MARK", "The mark packets get, such as 0x10/0xff.", (rule, value) => rule.SetMark = value)
        .Text("--max-segment-size", "BYTES", "The highest TCP segment size, or 'path' for what the route allows.", (rule, value) => rule.MaxSegmentSize = value)
        .Text("--add-source-to", "LIST", "The dynamic address list the source is put into.", (rule, value) => rule.AddSourceTo = value)
        .Duration("--add-source-for", "How long it stays there; 0s for the list's own time.", (_, rule, value) => rule.AddSourceFor = value == TimeSpan.Zero ? null : value);

    private static void AddTimes(ItemFields<FirewallRule> fields) => fields
        .Duration("--expires-in", "After what time the rule is taken out; 0s for never.", (call, rule, value) => rule.ExpiresAt = value == TimeSpan.Zero ? null : call.Services.Time.GetUtcNow() + value)
        .Flag("--always", "Takes the schedule away before the options below count.", rule => rule.Schedule = null)
        .List("--day", "DAYS", "Days of the week on which its window begins.", Choice<DayOfWeek>, (rule, value) => Change(rule, schedule => schedule.Day = value))
        .One("--from", "TIME", "When the window of a day begins, such as 08:00.", TimeOf, (rule, value) => Change(rule, schedule => schedule.From = Single(value)))
        .One("--until", "TIME", "When it ends; not after --from is the next day's.", TimeOf, (rule, value) => Change(rule, schedule => schedule.Until = Single(value)))
        .One("--first-date", "DATE", "The first date, such as 2026-12-24.", DateOf, (rule, value) => Change(rule, schedule => schedule.FirstDate = Single(value)))
        .One("--last-date", "DATE", "The last date a window may begin on.", DateOf, (rule, value) => Change(rule, schedule => schedule.LastDate = Single(value)))
        .Text("--time-zone", "ZONE", "The time zone by its IANA name (default the host's own).", (rule, value) => Change(rule, schedule => schedule.TimeZone = value));

    // A copy: the schedule of the rule that was read is not ours. One that limits nothing is none.
    private static void Change(FirewallRule rule, Action<FirewallSchedule> change)
    {
        FirewallSchedule schedule = rule.Schedule is { } before ? before with { } : new FirewallSchedule();
        change(schedule);
        rule.Schedule = schedule == new FirewallSchedule { Day = schedule.Day } && schedule.Day.Length == 0 ? null : schedule;
    }

    private static T? Single<T>(T[] values)
        where T : struct => values.Length == 0 ? null : values[0];

    private static TEnum Choice<TEnum>(string text)
        where TEnum : struct, Enum => Options.ReadChoice<TEnum>(text) ?? throw new FormatException($"'{text}' is none of {string.Join(", ", Options.Names<TEnum>())}.");

    private static TimeOnly TimeOf(string text) => TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out TimeOnly time)
        ? time
        : throw new FormatException($"'{text}' is not a time of the day such as 08:00.");

    private static DateOnly DateOf(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
        ? date
        : throw new FormatException($"'{text}' is not a date such as 2026-12-24.");
}
