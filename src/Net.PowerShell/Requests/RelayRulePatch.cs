using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a relay rule a user gave. Null leaves a part as it is; an empty text takes a value away.</summary>
internal sealed record RelayRulePatch
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public bool? Enabled { get; init; }

    public string? InterfaceAlias { get; init; }

    public AddressRange? Group { get; init; }

    public string? Source { get; init; }

    public string? Port { get; init; }

    public RelayRuleProtocol? Protocol { get; init; }

    public AddressRange[]? AllowedSources { get; init; }

    public RelayOutput[]? Outputs { get; init; }

    public RelayEngine? Engine { get; init; }

    public bool? AnalyzeSequence { get; init; }

    public RelayDuplicates? Duplicates { get; init; }

    public string? PreferredSource { get; init; }

    /// <summary>Zero goes back to the default.</summary>
    public TimeSpan? StandbyAfter { get; init; }

    /// <summary>A rule of the parts alone.</summary>
    public RelayRule ToRule() => ApplyTo(new RelayRule { Name = Name!, InterfaceAlias = InterfaceAlias!, Group = Group! });

    /// <summary>The rule with these parts in place of its own. What is so now is left out.</summary>
    public RelayRule ApplyTo(RelayRule rule) => new()
    {
        Id = rule.Id,
        Name = Name ?? rule.Name,
        Description = Text(Description, rule.Description),
        Enabled = Enabled ?? rule.Enabled,
        InterfaceAlias = InterfaceAlias ?? rule.InterfaceAlias,
        Group = Group ?? rule.Group,
        Source = Source is null ? rule.Source : Source.Length == 0 ? null : AddressRange.Parse(Source),
        Port = Port is null ? rule.Port : Port.Length == 0 ? null : PortRange.Parse(Port),
        Protocol = Protocol ?? rule.Protocol,
        AllowedSources = AllowedSources ?? rule.AllowedSources,
        Outputs = Outputs ?? rule.Outputs,
        Engine = Engine ?? rule.Engine,
        AnalyzeSequence = AnalyzeSequence ?? rule.AnalyzeSequence,
        Duplicates = Duplicates ?? rule.Duplicates,
        PreferredSource = Text(PreferredSource, rule.PreferredSource),
        StandbyAfter = StandbyAfter is { } after ? (after == TimeSpan.Zero ? null : after) : rule.StandbyAfter,
    };

    private static string? Text(string? given, string? present) => given is null ? present : given.Length == 0 ? null : given;
}
