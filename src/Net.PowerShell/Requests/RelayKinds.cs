using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The kinds of things the multicast relay has.</summary>
internal static class RelayKinds
{
    /// <summary>Rules, with their counters.</summary>
    public static readonly ItemKind<RelayRule> Rule = Rules(counters: true);

    /// <summary>Rules about to be changed, where counters would only cost time.</summary>
    public static readonly ItemKind<RelayRule> RuleToChange = Rules(counters: false);

    /// <summary>Counters of rules.</summary>
    public static readonly ItemKind<RelayStatistic> Statistic = new(
        "relay rule",
        ErrorCatalogue.RelayRuleNotFound,
        statistic => [statistic.Name],
        statistic => statistic.Id,
        (engine, names, token) => engine.CallAsync(EngineApi.RelayListStatistics, new ListRelayStatistics(names), token));

    /// <summary>The settings, of which there is one set.</summary>
    public static readonly ItemKind<RelaySettings> Settings = new(
        "settings of the relay",
        ErrorCatalogue.RelaySettingInvalid,
        _ => [SettingsName],
        _ => 0,
        async (engine, _, token) => [await engine.CallAsync(EngineApi.RelayGetSettings, new GetRelaySettings(), token)]);

    /// <summary>What the settings are called where something has to have a name.</summary>
    public const string SettingsName = "relay";

    private static ItemKind<RelayRule> Rules(bool counters) => new(
        "relay rule",
        ErrorCatalogue.RelayRuleNotFound,
        rule => [rule.Name],
        rule => rule.Id,
        (engine, names, token) => engine.CallAsync(EngineApi.RelayListRules, new ListRelayRules(names, counters), token));
}
