namespace Net.Contracts;

/// <content>The firewall beyond its rules.</content>
public static partial class EngineApi
{
    /// <summary>Lists address lists.</summary>
    public static readonly ApiMethod<ListFirewallAddressLists, FirewallAddressList[]> FirewallListAddressLists =
        new("firewall.listAddressLists", EngineRole.Reader, "Lists address lists.", static () => Json.ListFirewallAddressLists, static () => Json.FirewallAddressListArray);

    /// <summary>Adds address lists, all or none.</summary>
    public static readonly ApiMethod<CreateFirewallAddressLists, FirewallAddressListsChanged> FirewallCreateAddressLists =
        new("firewall.createAddressLists", EngineRole.Operator, "Adds address lists, all or none.", static () => Json.CreateFirewallAddressLists, static () => Json.FirewallAddressListsChanged);

    /// <summary>Replaces address lists, all or none.</summary>
    public static readonly ApiMethod<SetFirewallAddressLists, FirewallAddressListsChanged> FirewallSetAddressLists =
        new("firewall.setAddressLists", EngineRole.Operator, "Replaces address lists, all or none.", static () => Json.SetFirewallAddressLists, static () => Json.FirewallAddressListsChanged);

    /// <summary>Removes address lists, all or none.</summary>
    public static readonly ApiMethod<RemoveFirewallAddressLists, FirewallAddressListsChanged> FirewallRemoveAddressLists =
        new("firewall.removeAddressLists", EngineRole.Operator, "Removes address lists, all or none.", static () => Json.RemoveFirewallAddressLists, static () => Json.FirewallAddressListsChanged);

    /// <summary>Lists port lists.</summary>
    public static readonly ApiMethod<ListFirewallPortLists, FirewallPortList[]> FirewallListPortLists =
        new("firewall.listPortLists", EngineRole.Reader, "Lists port lists.", static () => Json.ListFirewallPortLists, static () => Json.FirewallPortListArray);

    /// <summary>Adds port lists, all or none.</summary>
    public static readonly ApiMethod<CreateFirewallPortLists, FirewallPortListsChanged> FirewallCreatePortLists =
        new("firewall.createPortLists", EngineRole.Operator, "Adds port lists, all or none.", static () => Json.CreateFirewallPortLists, static () => Json.FirewallPortListsChanged);

    /// <summary>Replaces port lists, all or none.</summary>
    public static readonly ApiMethod<SetFirewallPortLists, FirewallPortListsChanged> FirewallSetPortLists =
        new("firewall.setPortLists", EngineRole.Operator, "Replaces port lists, all or none.", static () => Json.SetFirewallPortLists, static () => Json.FirewallPortListsChanged);

    /// <summary>Removes port lists, all or none.</summary>
    public static readonly ApiMethod<RemoveFirewallPortLists, FirewallPortListsChanged> FirewallRemovePortLists =
        new("firewall.removePortLists", EngineRole.Operator, "Removes port lists, all or none.", static () => Json.RemoveFirewallPortLists, static () => Json.FirewallPortListsChanged);

    /// <summary>Lists zones.</summary>
    public static readonly ApiMethod<ListFirewallZones, FirewallZone[]> FirewallListZones =
        new("firewall.listZones", EngineRole.Reader, "Lists zones.", static () => Json.ListFirewallZones, static () => Json.FirewallZoneArray);

    /// <summary>Adds zones, all or none.</summary>
    public static readonly ApiMethod<CreateFirewallZones, FirewallZonesChanged> FirewallCreateZones =
        new("firewall.createZones", EngineRole.Operator, "Adds zones, all or none.", static () => Json.CreateFirewallZones, static () => Json.FirewallZonesChanged);

    /// <summary>Replaces zones, all or none.</summary>
    public static readonly ApiMethod<SetFirewallZones, FirewallZonesChanged> FirewallSetZones =
        new("firewall.setZones", EngineRole.Operator, "Replaces zones, all or none.", static () => Json.SetFirewallZones, static () => Json.FirewallZonesChanged);

    /// <summary>Removes zones, all or none.</summary>
    public static readonly ApiMethod<RemoveFirewallZones, FirewallZonesChanged> FirewallRemoveZones =
        new("firewall.removeZones", EngineRole.Operator, "Removes zones, all or none.", static () => Json.RemoveFirewallZones, static () => Json.FirewallZonesChanged);

    /// <summary>Lists NAT rules.</summary>
    public static readonly ApiMethod<ListNatRules, NatRule[]> FirewallListNatRules =
        new("firewall.listNatRules", EngineRole.Reader, "Lists NAT rules.", static () => Json.ListNatRules, static () => Json.NatRuleArray);

    /// <summary>Adds NAT rules, all or none.</summary>
    public static readonly ApiMethod<CreateNatRules, NatRulesChanged> FirewallCreateNatRules =
        new("firewall.createNatRules", EngineRole.Operator, "Adds NAT rules, all or none.", static () => Json.CreateNatRules, static () => Json.NatRulesChanged);

    /// <summary>Replaces NAT rules, all or none.</summary>
    public static readonly ApiMethod<SetNatRules, NatRulesChanged> FirewallSetNatRules =
        new("firewall.setNatRules", EngineRole.Operator, "Replaces NAT rules, all or none.", static () => Json.SetNatRules, static () => Json.NatRulesChanged);

    /// <summary>Removes NAT rules, all or none.</summary>
    public static readonly ApiMethod<RemoveNatRules, NatRulesChanged> FirewallRemoveNatRules =
        new("firewall.removeNatRules", EngineRole.Operator, "Removes NAT rules, all or none.", static () => Json.RemoveNatRules, static () => Json.NatRulesChanged);

    /// <summary>Lists port forwards.</summary>
    public static readonly ApiMethod<ListPortForwards, PortForward[]> FirewallListPortForwards =
        new("firewall.listPortForwards", EngineRole.Reader, "Lists port forwards.", static () => Json.ListPortForwards, static () => Json.PortForwardArray);

    /// <summary>Adds port forwards, all or none.</summary>
    public static readonly ApiMethod<CreatePortForwards, PortForwardsChanged> FirewallCreatePortForwards =
        new("firewall.createPortForwards", EngineRole.Operator, "Adds port forwards, all or none.", static () => Json.CreatePortForwards, static () => Json.PortForwardsChanged);

    /// <summary>Replaces port forwards, all or none.</summary>
    public static readonly ApiMethod<SetPortForwards, PortForwardsChanged> FirewallSetPortForwards =
        new("firewall.setPortForwards", EngineRole.Operator, "Replaces port forwards, all or none.", static () => Json.SetPortForwards, static () => Json.PortForwardsChanged);

    /// <summary>Removes port forwards, all or none.</summary>
    public static readonly ApiMethod<RemovePortForwards, PortForwardsChanged> FirewallRemovePortForwards =
        new("firewall.removePortForwards", EngineRole.Operator, "Removes port forwards, all or none.", static () => Json.RemovePortForwards, static () => Json.PortForwardsChanged);

    /// <summary>Gives what an address list holds now.</summary>
    public static readonly ApiMethod<ListFirewallAddressEntries, FirewallAddressEntry[]> FirewallListAddressEntries =
        new("firewall.listAddressEntries", EngineRole.Reader, "Gives what an address list holds now.", static () => Json.ListFirewallAddressEntries, static () => Json.FirewallAddressEntryArray);

    /// <summary>Puts addresses into address lists; into a dynamic one for a time.</summary>
    public static readonly ApiMethod<AddFirewallAddresses, FirewallAddressListsChanged> FirewallAddAddresses =
        new("firewall.addAddresses", EngineRole.Operator, "Puts addresses into address lists; into a dynamic one for a time.", static () => Json.AddFirewallAddresses, static () => Json.FirewallAddressListsChanged);

    /// <summary>Takes addresses out of address lists.</summary>
    public static readonly ApiMethod<RemoveFirewallAddresses, FirewallAddressListsChanged> FirewallRemoveAddresses =
        new("firewall.removeAddresses", EngineRole.Operator, "Takes addresses out of address lists.", static () => Json.RemoveFirewallAddresses, static () => Json.FirewallAddressListsChanged);

    /// <summary>Gives what holds before and after all rules.</summary>
    public static readonly ApiMethod<GetFirewallProfile, FirewallProfile> FirewallGetProfile =
        new("firewall.getProfile", EngineRole.Reader, "Gives what holds before and after all rules.", static () => Json.GetFirewallProfile, static () => Json.FirewallProfile);

    /// <summary>Replaces what holds before and after all rules.</summary>
    public static readonly ApiMethod<SetFirewallProfile, FirewallProfileChanged> FirewallSetProfile =
        new("firewall.setProfile", EngineRole.Operator, "Replaces what holds before and after all rules.", static () => Json.SetFirewallProfile, static () => Json.FirewallProfileChanged);

    /// <summary>Gives the thresholds of detection.</summary>
    public static readonly ApiMethod<GetFirewallDetection, FirewallDetection> FirewallGetDetection =
        new("firewall.getDetection", EngineRole.Reader, "Gives the thresholds of detection.", static () => Json.GetFirewallDetection, static () => Json.FirewallDetection);

    /// <summary>Replaces the thresholds of detection.</summary>
    public static readonly ApiMethod<SetFirewallDetection, FirewallDetectionChanged> FirewallSetDetection =
        new("firewall.setDetection", EngineRole.Operator, "Replaces the thresholds of detection.", static () => Json.SetFirewallDetection, static () => Json.FirewallDetectionChanged);

    /// <summary>Enables or disables groups of rules together.</summary>
    public static readonly ApiMethod<SetFirewallGroups, FirewallRulesChanged> FirewallSetGroups =
        new("firewall.setGroups", EngineRole.Operator, "Enables or disables groups of rules together.", static () => Json.SetFirewallGroups, static () => Json.FirewallRulesChanged);

    /// <summary>Streams tracked connections as they are listed: 100,000 of them are more than one message may hold.</summary>
    public static readonly ApiStream<ListFirewallConnections, FirewallConnection> FirewallListConnections =
        new("firewall.listConnections", EngineRole.Reader, "Streams the list of tracked connections.", static () => Json.ListFirewallConnections, static () => Json.FirewallConnection);

    /// <summary>Streams connections as they begin, change and end.</summary>
    public static readonly ApiStream<WatchFirewallConnections, FirewallConnectionChange> FirewallWatchConnections =
        new("firewall.watchConnections", EngineRole.Reader, "Streams connections as they begin, change and end.", static () => Json.WatchFirewallConnections, static () => Json.FirewallConnectionChange);

    /// <summary>Ends tracked connections: their next packet is a new one.</summary>
    public static readonly ApiMethod<RemoveFirewallConnections, FirewallConnectionsRemoved> FirewallRemoveConnections =
        new("firewall.removeConnections", EngineRole.Operator, "Ends tracked connections: their next packet is a new one.", static () => Json.RemoveFirewallConnections, static () => Json.FirewallConnectionsRemoved);

    /// <summary>Gives connections by state, table drops and top talkers.</summary>
    public static readonly ApiMethod<GetFirewallStatistic, FirewallStatistic> FirewallGetStatistic =
        new("firewall.getStatistic", EngineRole.Reader, "Gives connections by state, table drops and top talkers.", static () => Json.GetFirewallStatistic, static () => Json.FirewallStatistic);

    /// <summary>Begins the counters of rules anew and gives what they were.</summary>
    public static readonly ApiMethod<ResetFirewallCounters, FirewallRule[]> FirewallResetCounters =
        new("firewall.resetCounters", EngineRole.Operator, "Begins the counters of rules anew and gives what they were.", static () => Json.ResetFirewallCounters, static () => Json.FirewallRuleArray);

    /// <summary>Streams packets that rules with logging matched.</summary>
    public static readonly ApiStream<WatchFirewallLog, FirewallLogEntry> FirewallWatchLog =
        new("firewall.watchLog", EngineRole.Reader, "Streams packets that rules with logging matched.", static () => Json.WatchFirewallLog, static () => Json.FirewallLogEntry);

    /// <summary>Says whether packets would pass, by which rule and way.</summary>
    public static readonly ApiMethod<TestNetFlows, NetFlowVerdict[]> FirewallTestFlows =
        new("firewall.testFlows", EngineRole.Reader, "Says whether packets would pass, by which rule and way.", static () => Json.TestNetFlows, static () => Json.NetFlowVerdictArray);

    /// <summary>Streams what the kernel does with matching packets, rule by rule.</summary>
    public static readonly ApiStream<TraceNetFlow, NetFlowTraceEvent> FirewallTraceFlow =
        new("firewall.traceFlow", EngineRole.Operator, "Streams what the kernel does with matching packets, rule by rule.", static () => Json.TraceNetFlow, static () => Json.NetFlowTraceEvent);

    /// <summary>Takes rules over from iptables-save or nft list ruleset, with a report of what cannot be.</summary>
    public static readonly ApiMethod<ImportFirewall, FirewallImported> FirewallImport =
        new("firewall.import", EngineRole.Operator, "Takes rules over from iptables-save or nft list ruleset, with a report of what cannot be.", static () => Json.ImportFirewall, static () => Json.FirewallImported);

    /// <summary>Gives the firewall as nftables text.</summary>
    public static readonly ApiMethod<ExportFirewall, FirewallExported> FirewallExport =
        new("firewall.export", EngineRole.Reader, "Gives the firewall as nftables text.", static () => Json.ExportFirewall, static () => Json.FirewallExported);

    private static ApiMethod[] FirewallMethods =>
    [
        FirewallListAddressLists, FirewallCreateAddressLists, FirewallSetAddressLists, FirewallRemoveAddressLists, FirewallListPortLists,
        FirewallCreatePortLists, FirewallSetPortLists, FirewallRemovePortLists, FirewallListZones, FirewallCreateZones, FirewallSetZones,
        FirewallRemoveZones, FirewallListNatRules, FirewallCreateNatRules, FirewallSetNatRules, FirewallRemoveNatRules, FirewallListPortForwards,
        FirewallCreatePortForwards, FirewallSetPortForwards, FirewallRemovePortForwards, FirewallListAddressEntries, FirewallAddAddresses,
        FirewallRemoveAddresses, FirewallGetProfile, FirewallSetProfile, FirewallGetDetection, FirewallSetDetection, FirewallSetGroups,
        FirewallListConnections, FirewallWatchConnections, FirewallRemoveConnections, FirewallGetStatistic, FirewallResetCounters, FirewallWatchLog,
        FirewallTestFlows, FirewallTraceFlow, FirewallImport, FirewallExport,
    ];
}
