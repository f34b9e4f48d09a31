namespace Net.Contracts;

/// <summary>The whole desired state of an engine, one document. Sections that are left out hold their defaults.</summary>
public sealed record NetConfiguration
{
    /// <summary>The schema version this release writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of the document's schema.</summary>
    public int SchemaVersion { get; set; } = CurrentSchemaVersion;

    /// <summary>Who may do what.</summary>
    public AccessSection Access { get; set; } = new();

    /// <summary>The firewall.</summary>
    public FirewallSection Firewall { get; set; } = new();

    /// <summary>Probing and routes.</summary>
    public PathsSection Paths { get; set; } = new();

    /// <summary>Overlays this engine is a node of.</summary>
    public OverlaySection Overlay { get; set; } = new();

    /// <summary>The multicast relay.</summary>
    public RelaySection Relay { get; set; } = new();

    /// <summary>The metrics endpoint.</summary>
    public MetricsSection Metrics { get; set; } = new();
}

/// <summary>Who is reader, operator and admin. An entry is <c>user:NAME</c>, <c>group:NAME</c>, or a number in place of the name.
/// The user with id 0 and the engine's own user are always admins.</summary>
public sealed record AccessSection
{
    /// <summary>Who may read.</summary>
    public string[] Readers { get; set; } = ["group:netmod"];

    /// <summary>Who may change the configuration.</summary>
    public string[] Operators { get; set; } = [];

    /// <summary>Who may do everything.</summary>
    public string[] Admins { get; set; } = [];
}

/// <summary>The firewall's part of the document.</summary>
public sealed record FirewallSection
{
    /// <summary>The rules, in their order.</summary>
    public FirewallRule[] Rules { get; set; } = [];

    /// <summary>The id the next rule, list, NAT rule or port forward gets, so that no id is ever used twice. Kept by the engine.</summary>
    public long NextRuleId { get; set; } = 1;

    /// <summary>What holds before and after all rules.</summary>
    public FirewallProfile Profile { get; set; } = new();

    /// <summary>The zones.</summary>
    public FirewallZone[] Zones { get; set; } = [];

    /// <summary>Address lists.</summary>
    public FirewallAddressList[] AddressLists { get; set; } = [];

    /// <summary>Port lists.</summary>
    public FirewallPortList[] PortLists { get; set; } = [];

    /// <summary>NAT rules, in their order; port forwards come before them.</summary>
    public NatRule[] NatRules { get; set; } = [];

    /// <summary>Port forwards.</summary>
    public PortForward[] PortForwards { get; set; } = [];

    /// <summary>Groups of rules that do not take part.</summary>
    public string[] DisabledGroups { get; set; } = [];

    /// <summary>Thresholds of detection.</summary>
    public FirewallDetection Detection { get; set; } = new();
}

/// <summary>The part of the document about paths.</summary>
public sealed record PathsSection
{
    /// <summary>How paths are probed.</summary>
    public ProbeSettings Probe { get; set; } = new();

    /// <summary>What the user knows about single interfaces and the kernel cannot say.</summary>
    public InterfaceFact[] Interfaces { get; set; } = [];

    /// <summary>Routes the engine keeps in the kernel.</summary>
    public NetPathRoute[] Routes { get; set; } = [];
}

/// <summary>How paths are probed.</summary>
public sealed record ProbeSettings
{
    /// <summary>Whether uplinks are probed at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time between probes of one path, 20 ms to 1 minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a reply may take, 10 ms to 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes without a reply in a row before a path has failed, 1 to 20.</summary>
    public int MaxLost { get; set; } = 3;

    /// <summary>Replies in a row before a failed path is good again, 1 to 20.</summary>
    public int RecoverAfter { get; set; } = 2;
}

/// <summary>What the user knows about an interface.</summary>
public sealed record InterfaceFact
{
    /// <summary>The interface.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>Whether traffic costs money; null for not known.</summary>
    public bool? IsMetered { get; set; }

    /// <summary>An address to probe instead of the gateway, or null.</summary>
    public string? ProbeTarget { get; set; }
}

/// <summary>The part of the document about overlays.</summary>
public sealed record OverlaySection
{
    /// <summary>The overlays.</summary>
    public Overlay[] Overlays { get; set; } = [];
}

/// <summary>The part of the document about the multicast relay.</summary>
public sealed record RelaySection
{
    /// <summary>The rules; their order says nothing.</summary>
    public RelayRule[] Rules { get; set; } = [];

    /// <summary>The id the next rule gets, so that no id is ever used twice. Kept by the engine.</summary>
    public long NextRuleId { get; set; } = 1;

    /// <summary>What holds for all rules.</summary>
    public RelaySettings Settings { get; set; } = new();
}

/// <summary>The metrics endpoint. Off unless it has an address to listen at.</summary>
public sealed record MetricsSection
{
    /// <summary>Where to listen: <c>127.0.0.1:9464</c>, <c>[::1]:9464</c>, or <c>unix:NAME</c> for a socket of that name beside the engine's own.
    /// Null turns it off.</summary>
    public string? Listen { get; set; }

    /// <summary>A reference <c>secret:NAME</c> to the bearer token scrapers must present; null asks for none. Addresses other than loopback need one.</summary>
    public string? BearerToken { get; set; }
}
