using Net.Contracts;
using Net.Engine.Firewall.Translation;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks the profile, the thresholds of detection and the groups that do not take part.</summary>
internal static class ProfileChecks
{
    private const int MaxSynLimit = 1_000_000;

    /// <summary>Adds every problem.</summary>
    public static void Run(FirewallSection section, ItemProblems problems)
    {
        FirewallProfile profile = section.Profile;
        CheckAction("inbound", profile.Inbound);
        CheckAction("outbound", profile.Outbound);
        CheckAction("forward", profile.Forward);
        if (profile.SynFloodLimit is < 0 or > MaxSynLimit)
        {
            problems.Add("firewall.profile.synFloodLimit", $"The SYN limit {profile.SynFloodLimit} is not between 0 (none) and {MaxSynLimit} a second.");
        }

        foreach (string group in section.DisabledGroups.Where(group => string.IsNullOrWhiteSpace(group) || group.Length > Net.Firewall.Rule.MaxNameLength))
        {
            problems.Add("firewall.disabledGroups", $"'{RuleTexts.Shown(group)}' is not the name of a group.");
        }

        CheckDetection(section, problems);

        void CheckAction(string member, RuleAction action)
        {
            if (action is not (RuleAction.Allow or RuleAction.Block or RuleAction.Reject))
            {
                problems.Add($"firewall.profile.{member}", $"The default {action} decides nothing; use allow, block or reject.");
            }
        }
    }

    private static void CheckDetection(FirewallSection section, ItemProblems problems)
    {
        const string place = "firewall.detection";
        FirewallDetection detection = section.Detection;
        if (detection.Window < TimeSpan.FromSeconds(5) || detection.Window > TimeSpan.FromHours(1))
        {
            problems.Add($"{place}.window", $"The window {detection.Window} is not between 5 seconds and 1 hour.");
        }

        if (detection.ScanPorts is < 0 or > 65_536)
        {
            problems.Add($"{place}.scanPorts", $"The threshold of {detection.ScanPorts} ports is not between 0 (off) and 65536.");
        }

        if (detection.LoginAttempts is < 0 or > 1_000_000)
        {
            problems.Add($"{place}.loginAttempts", $"The threshold of {detection.LoginAttempts} attempts is not between 0 (off) and 1000000.");
        }

        if (detection.FloodConnections is < 0 or > 100_000_000)
        {
            problems.Add($"{place}.floodConnections", $"The threshold of {detection.FloodConnections} connections is not between 0 (off) and 100000000.");
        }

        if (detection.BanTime < TimeSpan.FromSeconds(1) || detection.BanTime > TimeSpan.FromDays(365))
        {
            problems.Add($"{place}.banTime", $"The ban of {detection.BanTime} is not between 1 second and 365 days.");
        }

        if (detection.BanList is { } name)
        {
            FirewallAddressList? list = Array.Find(section.AddressLists, list => string.Equals(list.Name, name, StringComparison.OrdinalIgnoreCase));
            if (list is not { Dynamic: true })
            {
                problems.Add($"{place}.banList", list is null
                    ? $"Detection bans into the address list '{RuleTexts.Shown(name)}', which does not exist."
                    : $"Detection bans into the address list '{list.Name}', which is not dynamic.");
            }
        }
    }
}
