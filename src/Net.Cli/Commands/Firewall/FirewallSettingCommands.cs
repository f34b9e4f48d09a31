using Net.Cli.Output;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall profile</c> and <c>netmod firewall detection</c>.</summary>
internal static class FirewallSettingCommands
{
    /// <summary>What holds before and after all rules.</summary>
    public static SettingsCommands<FirewallProfile> Profile { get; } = new()
    {
        Noun = "what holds before and after all rules",
        Info = ContractsJsonContext.Default.FirewallProfile,
        GetAsync = call => call.CallAsync(EngineApi.FirewallGetProfile, new GetFirewallProfile()),
        SetAsync = async (call, profile, change) =>
        {
            FirewallProfileChanged changed = await call.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(profile, change));
            return ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallProfileChanged);
        },
        AddFields = fields => fields
            .Switch("--enabled", "Whether it is in force (default off).", (profile, value) => profile.Enabled = value)
            .Choice<RuleAction>("--inbound", "What happens to packets to this host that nothing decides (default block).", (profile, value) => profile.Inbound = value)
            .Choice<RuleAction>("--outbound", "What happens to packets of this host that nothing decides (default allow).", (profile, value) => profile.Outbound = value)
            .Choice<RuleAction>("--forward", "What happens to forwarded packets that nothing decides (default block).", (profile, value) => profile.Forward = value)
            .Switch("--allow-essential-icmp", "Neighbour discovery and ICMP errors always pass (default on).", (profile, value) => profile.AllowEssentialIcmp = value)
            .Switch("--allow-dhcp-client", "Answers to this host's DHCP requests pass (default on).", (profile, value) => profile.AllowDhcpClient = value)
            .Switch("--block-invalid", "Packets that fit no connection are blocked (default on).", (profile, value) => profile.BlockInvalid = value)
            .Switch("--anti-spoofing", "Packets whose source is not behind their interface are blocked (default on).", (profile, value) => profile.AntiSpoofing = value)
            .Number("--syn-flood-limit", "NUMBER", "SYN packets a second of each source; 0 for no limit (default 200).", 0, int.MaxValue, (profile, value) => profile.SynFloodLimit = (int)value)
            .Switch("--log-blocked", "What nothing decides and is blocked is logged (default off).", (profile, value) => profile.LogBlocked = value)
            .Switch("--keep-sessions", "TCP connections that stand when it is enabled go on (default on).", (profile, value) => profile.KeepSessions = value)
            .Switch("--connection-accounting", "Packets and bytes of each connection are counted (default off).", (profile, value) => profile.ConnectionAccounting = value),
        Facts = profile =>
        [
            ("Enabled", Text.YesNo(profile.Enabled)),
            ("Inbound", Text.Name(profile.Inbound)),
            ("Outbound", Text.Name(profile.Outbound)),
            ("Forward", Text.Name(profile.Forward)),
            ("Essential ICMP", profile.AllowEssentialIcmp ? "allowed" : "by rules"),
            ("DHCP client", profile.AllowDhcpClient ? "allowed" : "by rules"),
            ("Invalid packets", profile.BlockInvalid ? "blocked" : "by rules"),
            ("Anti-spoofing", Text.YesNo(profile.AntiSpoofing)),
            ("SYN packets per source", profile.SynFloodLimit == 0 ? "no limit" : $"{profile.SynFloodLimit}/s"),
            ("Log what is blocked", Text.YesNo(profile.LogBlocked)),
            ("Keep sessions", Text.YesNo(profile.KeepSessions)),
            ("Connection accounting", Text.YesNo(profile.ConnectionAccounting)),
        ],
    };

    /// <summary>The thresholds of detection.</summary>
    public static SettingsCommands<FirewallDetection> Detection { get; } = new()
    {
        Noun = "the thresholds of detection",
        Info = ContractsJsonContext.Default.FirewallDetection,
        GetAsync = call => call.CallAsync(EngineApi.FirewallGetDetection, new GetFirewallDetection()),
        SetAsync = async (call, detection, change) =>
        {
            FirewallDetectionChanged changed = await call.CallAsync(EngineApi.FirewallSetDetection, new SetFirewallDetection(detection, change));
            return ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallDetectionChanged);
        },
        AddFields = fields => fields
            .Switch("--enabled", "Whether anything is looked for (default off).", (detection, value) => detection.Enabled = value)
            .Duration("--window", "The time the thresholds count in (default 1m).", (_, detection, value) => detection.Window = value)
            .Number("--scan-ports", "NUMBER", "Ports one source tries and is refused; 0 for off (default 15).", 0, int.MaxValue, (detection, value) => detection.ScanPorts = (int)value)
            .Number("--login-attempts", "NUMBER", "New connections of one source to a login port; 0 for off (default 10).", 0, int.MaxValue, (detection, value) => detection.LoginAttempts = (int)value)
            .List("--login-port", "PORTS", "Ports where people log in (default 22,3389,5900).", PortRange.Parse, (detection, value) => detection.LoginPort = value)
            .Number("--flood-connections", "NUMBER", "New connections of one source; 0 for off (default 3000).", 0, int.MaxValue, (detection, value) => detection.FloodConnections = (int)value)
            .Text("--ban-list", "NAME", "The dynamic address list a source is put into; '' for none.", (detection, value) => detection.BanList = value)
            .Duration("--ban-time", "How long it stays there (default 10m).", (_, detection, value) => detection.BanTime = value)
            .List("--never-ban", "ADDRESSES", "Sources that are never banned.", AddressRange.Parse, (detection, value) => detection.NeverBan = value),
        Facts = detection =>
        [
            ("Enabled", Text.YesNo(detection.Enabled)),
            ("Window", Text.Duration(detection.Window)),
            ("Scan", detection.ScanPorts == 0 ? "off" : $"{detection.ScanPorts} ports"),
            ("Logins", detection.LoginAttempts == 0 ? "off" : $"{detection.LoginAttempts} connections to {Text.List(detection.LoginPort)}"),
            ("Flood", detection.FloodConnections == 0 ? "off" : $"{detection.FloodConnections} connections"),
            ("Ban", detection.BanList is { } list ? $"into {list} for {Text.Duration(detection.BanTime)}" : "no"),
            ("Never ban", Text.List(detection.NeverBan)),
        ],
    };
}
