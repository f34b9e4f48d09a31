using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The parts of a firewall rule beyond addresses, ports and interfaces: what else a packet must be, limits, what is done to it, and when the rule is in force.</summary>
public abstract class FirewallRuleDetailsCmdlet : PacketMatchCmdlet<FirewallRule>
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    /// <summary>States of the connection.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    public ConnectionState[]? ConnectionState { get; set; }

    /// <summary>ICMP types by name or number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(IcmpTypeCompleter))]
    [AllowEmptyCollection]
    public string[]? IcmpType { get; set; }

    /// <summary>TCP flags that must be set or not.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? TcpFlags { get; set; }

    /// <summary>Code points by name or number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(DscpCompleter))]
    [AllowEmptyCollection]
    public string[]? Dscp { get; set; }

    /// <summary>Lengths of the IP packet in bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? PacketLength { get; set; }

    /// <summary>Ethernet addresses of the sender.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? SourceMac { get; set; }

    /// <summary>The packet mark.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Mark { get; set; }

    /// <summary>Users who send.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? User { get; set; }

    /// <summary>Groups that send.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? UserGroup { get; set; }

    /// <summary>The control group of the program.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Cgroup { get; set; }

    /// <summary>The rate packets must be within.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? RateLimit { get; set; }

    /// <summary>What may come at once beyond the rate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? RateBurst { get; set; }

    /// <summary>Whether each source has a rate of its own.</summary>
    [Parameter]
    public SwitchParameter RatePerSource { get; set; }

    /// <summary>Whether the rule matches what is above the rate instead.</summary>
    [Parameter]
    public SwitchParameter AboveRate { get; set; }

    /// <summary>Connections that match may be there at most.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? ConnectionLimit { get; set; }

    /// <summary>Whether each source has that many.</summary>
    [Parameter]
    public SwitchParameter ConnectionLimitPerSource { get; set; }

    /// <summary>Whether the rule matches connections above the limit instead.</summary>
    [Parameter]
    public SwitchParameter AboveConnectionLimit { get; set; }

    /// <summary>Whether matches are logged.</summary>
    [Parameter]
    public SwitchParameter Log { get; set; }

    /// <summary>How a rejected packet's sender is told.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public FirewallReject? RejectWith { get; set; }

    /// <summary>The code point packets get.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DscpCompleter))]
    [AllowEmptyString]
    public string? SetDscp { get; set; }

    /// <summary>The TTL or hop limit packets get.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? SetTtl { get; set; }

    /// <summary>The mark packets get.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? SetMark { get; set; }

    /// <summary>The highest TCP segment size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? MaxSegmentSize { get; set; }

    /// <summary>The dynamic address list the source is put into.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallNameCompleter<FirewallAddressList>))]
    [AllowEmptyString]
    public string? AddSourceTo { get; set; }

    /// <summary>How long it stays there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? AddSourceFor { get; set; }

    /// <summary>When the rule is taken out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>After what time the rule is taken out.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Days of the week on which its window begins.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Days")]
    [AllowEmptyCollection]
    public DayOfWeek[]? Day { get; set; }

    /// <summary>When the window of a day begins.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public TimeOnly? From { get; set; }

    /// <summary>When it ends.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public TimeOnly? Until { get; set; }

    /// <summary>The first date.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DateOnly? FirstDate { get; set; }

    /// <summary>The last date.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DateOnly? LastDate { get; set; }

    /// <summary>The time zone of its window.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [AllowEmptyString]
    public string? TimeZone { get; set; }

    /// <summary>Take the schedule away before any part of a new one counts.</summary>
    [Parameter]
    public SwitchParameter Always { get; set; }

    private protected override ItemPatch Parts(bool typedOnly)
    {
        ItemPatch parts = base.Parts(typedOnly);
        if (ExpiresIn is { } time)
        {
            parts[nameof(ExpiresAt)] = time == TimeSpan.Zero ? null : _now + time;
        }

        SchedulePatch schedule = Schedule(typedOnly);
        if (schedule.IsGiven)
        {
            parts[nameof(FirewallRule.Schedule)] = schedule;
        }

        return parts;
    }

    private SchedulePatch Schedule(bool typedOnly)
    {
        return new SchedulePatch
        {
            Always = Always,
            Day = Given(Day, nameof(Day)),
            From = Given(From, nameof(From)),
            Until = Given(Until, nameof(Until)),
            FirstDate = Given(FirstDate, nameof(FirstDate)),
            LastDate = Given(LastDate, nameof(LastDate)),
            TimeZone = Given(TimeZone, nameof(TimeZone)),
        };

        T? Given<T>(T? value, string name) => !typedOnly || IsTyped(name) ? value : default;
    }
}
