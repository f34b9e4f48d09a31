using System.Net;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.Relay;

namespace Net.Engine.Relay.Model;

/// <summary>A rule of the document in the relay's own terms, read once: 10,000 rules are resolved anew with every change of an interface.</summary>
internal sealed class ParsedRule
{
    private const int DefaultStandby = 500;

    private static readonly ConditionalWeakTable<RelayRule, ParsedRule> Known = [];

    private ParsedRule(RelayRule rule)
    {
        Rule = rule;
        Id = checked((int)rule.Id);
        IsPattern = !NameFilter.IsLiteral(rule.InterfaceAlias);
        Destination = Prefix(rule.Group);
        Source = rule.Source is { } source ? Prefix(source) : null;
        PortFrom = (ushort)(rule.Port?.First ?? 0);
        PortTo = (ushort)(rule.Port?.Last ?? 0);
        Protocol = rule.Protocol == RelayRuleProtocol.Esp ? RelayProtocol.Esp : RelayProtocol.Udp;
        AllowedSources = [.. rule.AllowedSources.Select(Prefix)];
        Outputs = [.. rule.Outputs.Select(output => new ParsedOutput(output))];
        PreferredSource = rule.PreferredSource is { } preferred ? IPAddress.Parse(preferred) : null;
        StandbyAfterMilliseconds = rule.StandbyAfter is { } after ? (int)after.TotalMilliseconds : DefaultStandby;
    }

    /// <summary>The rule.</summary>
    public RelayRule Rule { get; }

    /// <summary>Its id.</summary>
    public int Id { get; }

    /// <summary>Whether its input is a pattern that may match several interfaces.</summary>
    public bool IsPattern { get; }

    /// <summary>Destination of its packets.</summary>
    public AddressPrefix Destination { get; }

    /// <summary>Source of its packets; null for any.</summary>
    public AddressPrefix? Source { get; }

    /// <summary>First port; 0 for ESP.</summary>
    public ushort PortFrom { get; }

    /// <summary>Last port; 0 for ESP.</summary>
    public ushort PortTo { get; }

    /// <summary>Protocol.</summary>
    public RelayProtocol Protocol { get; }

    /// <summary>Who may inject; empty for anybody.</summary>
    public AddressPrefix[] AllowedSources { get; }

    /// <summary>Outputs.</summary>
    public ParsedOutput[] Outputs { get; }

    /// <summary>The source of hot standby that is preferred.</summary>
    public IPAddress? PreferredSource { get; }

    /// <summary>Silence after which another source takes over.</summary>
    public int StandbyAfterMilliseconds { get; }

    /// <summary>What is done about two sources.</summary>
    public DuplicateMode Duplicates => Rule.Duplicates switch
    {
        RelayDuplicates.Suppress => DuplicateMode.Suppress,
        RelayDuplicates.Standby => DuplicateMode.Standby,
        _ => DuplicateMode.None,
    };

    /// <summary>The engine the rule asks for; null for the relay's choice.</summary>
    public RelayEngineKind? Engine => KindOf(Rule.Engine);

    /// <summary>Reads a rule that passed <see cref="RelayChecks"/>; the same record is read once.</summary>
    /// <param name="rule">The rule.</param>
    public static ParsedRule Of(RelayRule rule) => Known.GetValue(rule, static one => new ParsedRule(one));

    /// <summary>A range of the contract that is an address or a prefix.</summary>
    /// <param name="range">The range.</param>
    public static AddressPrefix Prefix(AddressRange range) => range.PrefixLength is { } length ? AddressPrefix.Of(range.First, length) : AddressPrefix.Of(range.First);

    /// <summary>The domain's word for an engine.</summary>
    /// <param name="engine">The contract's.</param>
    /// <returns>Null for Auto.</returns>
    public static RelayEngineKind? KindOf(RelayEngine engine) => engine switch
    {
        RelayEngine.Xdp => RelayEngineKind.Xdp,
        RelayEngine.Tcx => RelayEngineKind.Tcx,
        RelayEngine.Packet => RelayEngineKind.Packet,
        RelayEngine.Socket => RelayEngineKind.Socket,
        _ => null,
    };

    /// <summary>The contract's word for an engine.</summary>
    /// <param name="engine">The domain's.</param>
    public static RelayEngine EngineOf(RelayEngineKind engine) => engine switch
    {
        RelayEngineKind.Xdp => RelayEngine.Xdp,
        RelayEngineKind.Tcx => RelayEngine.Tcx,
        RelayEngineKind.Packet => RelayEngine.Packet,
        _ => RelayEngine.Socket,
    };
}
