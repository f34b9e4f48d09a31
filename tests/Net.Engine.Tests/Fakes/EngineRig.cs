using Microsoft.Extensions.Logging.Abstractions;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall;
using Net.Engine.Firewall.Items;
using Net.Engine.Firewall.Lists;
using Net.Engine.Firewall.Runtime;
using Net.Engine.Firewall.Runtime.Detection;
using Net.Engine.Metrics;
using Net.Engine.Overlay;
using Net.Engine.Overlay.Api;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Paths;
using Net.Engine.Reconciling;
using Net.Engine.Relay;
using Net.Engine.Relay.Api;
using Net.Engine.Secrets;
using Net.Engine.State;
using Net.Testing;

namespace Net.Engine.Tests;

/// <summary>The engine's parts over fake seams and a state folder of their own. <see cref="RestartAsync"/> is a new process on the same disk and kernel.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    public static readonly Actor Admin = new("root", EngineRole.Admin);
    public static readonly Actor Operator = new("olga", EngineRole.Operator);

    private readonly TemporaryFolder _folder = new();
    private readonly IFirewallBan? _ban;

    public EngineRig(string hostName = "alice", IFirewallBan? ban = null, TimeSpan? spareAfter = null)
    {
        RelayHost.SpareAfter = spareAfter;
        _ban = ban;
        OverlayHost = new FakeOverlayHost(Network) { HostName = hostName };
        Options = new EngineOptions
        {
            SocketPath = _folder.Sub("engine.sock"),
            StateFolder = _folder.Sub("state"),
            ConfigurationFolder = _folder.Sub("etc"),
            ProcessStartedAt = Clock.GetUtcNow(),
        };
        Build();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public EngineOptions Options { get; set; }

    public ManualTimeProvider Clock { get; } = new();

    public FakeFirewall Firewall { get; } = new();

    public FakeNetwork Network { get; } = new();

    public FakeHost Host { get; } = new();

    public FakeOverlayHost OverlayHost { get; }

    public FakeRelayHost RelayHost { get; } = new();

    public FakeFirewallHost FirewallHost { get; } = new();

    public FirewallRuntime Runtime { get; private set; } = null!;

    public RelaySubsystem RelaySection { get; private set; } = null!;

    public RelayService Relay { get; private set; } = null!;

    public OverlayContext OverlayContext { get; private set; } = null!;

    public OverlaySubsystem OverlaySection { get; private set; } = null!;

    public OverlayService Overlays { get; private set; } = null!;

    public OverlayMembershipService Members { get; private set; } = null!;

    public OverlayJoinService Joins { get; private set; } = null!;

    public OverlayStreamService Streams { get; private set; } = null!;

    public EventLog Events { get; private set; } = null!;

    public SecretStore Secrets { get; private set; } = null!;

    public FirewallParts FirewallParts { get; private set; } = null!;

    public FirewallItemService Items => FirewallParts.Items;

    public AddressEntryService Entries => FirewallParts.Entries;

    public FakeHostNames HostNames { get; } = new();

    public FakeSessions Sessions { get; } = new();

    public FirewallSubsystem FirewallSection { get; private set; } = null!;

    public RouteSubsystem RouteSection { get; private set; } = null!;

    public ConfigurationManager Manager { get; private set; } = null!;

    public ConfigurationService Service { get; private set; } = null!;

    public FirewallService Rules { get; private set; } = null!;

    public RouteService RouteService { get; private set; } = null!;

    public SecretService SecretService { get; private set; } = null!;

    public Reconciler Reconciler { get; private set; } = null!;

    public MetricsSubsystem Metrics { get; private set; } = null!;

    public EngineSeams Seams => new()
    {
        FirewallDatapath = Firewall,
        FirewallReader = Firewall,
        FirewallMonitor = Firewall,
        FirewallHost = FirewallHost,
        NetworkState = Network,
        NetworkEditor = Network,
        NetworkMonitor = Network,
        LinkFacts = Host,
        Prober = Host,
        Accounts = Host,
        Cgroups = Host,
        PeerIdentifier = Host,
        Privileges = Host,
        LogLevels = Host,
        OverlayHost = OverlayHost,
        RelayHost = RelayHost,
        HostNames = HostNames,
        SocketSessions = Sessions,
        SetGroup = _ => null,
        UserId = 0,
        Steps = Host,
        Clock = Clock,
    };

    public string Generations => Path.Combine(Options.StateFolder, "generations");

    public string CurrentFile => Path.Combine(Options.StateFolder, "current.json");

    public static FirewallRule Rule(string name, string port = "80") =>
        new() { Name = name, Protocol = IpProtocol.Tcp, Action = RuleAction.Block, LocalPort = [PortRange.Parse(port)] };

    public static NetPathRoute Route(string name, string prefix, string? hop = "10.0.0.1", string? by = null) =>
        new() { Name = name, DestinationPrefix = AddressRange.Parse(prefix), NextHop = hop, InterfaceAlias = by };

    public static async Task<EngineException> Refused(ErrorDefinition expected, Func<Task> act)
    {
        EngineException exception = await Assert.ThrowsAsync<EngineException>(act);
        Assert.True(expected.Id == exception.ErrorId, $"{exception.ErrorId}: {exception.Message}");
        return exception;
    }

    public void WritePolicy(string name, string json)
    {
        Directory.CreateDirectory(Path.Combine(Options.ConfigurationFolder, "policy.d"));
        File.WriteAllText(Path.Combine(Options.ConfigurationFolder, "policy.d", name), json);
    }

    public async Task<EngineRig> LoadedAsync()
    {
        await Manager.LoadAsync(Token);
        return this;
    }

    /// <summary>A new process on the same disk and kernel, with its state loaded.</summary>
    public async Task RestartAsync()
    {
        await StopOverlaysAsync();
        await Manager.DisposeAsync();
        Build();
        await Manager.LoadAsync(Token);
    }

    public Task<ChangeOutcome> ChangeAsync(Func<NetConfiguration, NetConfiguration> edit, ChangeOptions? options = null, Actor? actor = null) =>
        Manager.ChangeAsync(actor ?? Admin, options, edit, Token);

    /// <summary>Adds a rule; the smallest change there is.</summary>
    public async Task<ChangeOutcome> AddRuleAsync(string name, ChangeOptions? options = null, string port = "80") =>
        (await Rules.CreateAsync(Admin, new CreateFirewallRules([Rule(name, port)], null, options), Token)).Outcome;

    public string[] RuleNames() => [.. Manager.Document.Firewall.Rules.Select(rule => rule.Name)];

    public EngineEvent[] EventsOf(string id) => Events.List(new ListEvents(EventIds: [id]));

    /// <summary>Waits for an event, past or coming.</summary>
    public Task<EngineEvent> EventAsync(string id, int number = 1) => EventAsync(Events, id, number);

    public static async Task<EngineEvent> EventAsync(EventLog log, string id, int number = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (EngineEvent item in log.WatchAsync(new WatchEvents(EventIds: [id], AfterSequence: 0), patience.Token))
        {
            if (--number == 0)
            {
                return item;
            }
        }

        throw new InvalidOperationException("The watch ended.");
    }

    public async ValueTask DisposeAsync()
    {
        await Reconciler.DisposeAsync();
        await StopOverlaysAsync();
        await Metrics.DisposeAsync();
        await Manager.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StopOverlaysAsync()
    {
        await Runtime.DisposeAsync();
        await OverlayContext.Edits.DisposeAsync();
        await OverlaySection.DisposeAsync();
        await RelaySection.DisposeAsync();
        await FirewallParts.DisposeAsync();
    }

    private void Build()
    {
        Events = new EventLog(Clock, NullLogger<EventLog>.Instance);
        Secrets = new SecretStore(Options.StateFolder, Clock);
        FirewallParts = new FirewallParts(Seams, Options, Events, NullLoggerFactory.Instance);
        FirewallSection = FirewallParts.Subsystem;
        RouteSection = new RouteSubsystem(Network, Network, Events);
        Metrics = new MetricsSubsystem(Options, Secrets, [], NullLogger<MetricsSubsystem>.Instance);
        OverlayContext = OverlayContext.Create(Seams, Options, Events, NullLogger.Instance);
        OverlaySection = new OverlaySubsystem(OverlayContext, Firewall, Firewall);
        RelaySection = new RelaySubsystem(RelayHost, Network, Events, Clock, NullLogger.Instance);
        ISection[] sections = [FirewallSection, RouteSection, OverlaySection, RelaySection, new AccessSubsystem(Host, 0), Metrics];
        Manager = new ConfigurationManager(
            new GenerationStore(Options.StateFolder), sections, PolicySource.Load(Options.ConfigurationFolder), Events, Options, Clock, NullLogger<ConfigurationManager>.Instance, Host);
        FirewallParts.Attach(Manager);
        Manager.RefuseInvalidPolicy();
        Runtime = new FirewallRuntime(Seams, Options, Manager, FirewallParts, Events, NullLogger.Instance, _ban);
        Service = new ConfigurationService(Manager, Secrets);
        Rules = new FirewallService(Manager, FirewallSection);
        RouteService = new RouteService(Manager, RouteSection);
        SecretService = new SecretService(Secrets, Manager, Events);
        Reconciler = new Reconciler(Manager, sections, FirewallSection, RouteSection, Events, Clock, NullLogger<Reconciler>.Instance, OverlaySection);
        Relay = new RelayService(Manager, RelaySection, RelayHost, Clock);
        Overlays = new OverlayService(Manager, OverlaySection, OverlayContext);
        Members = new OverlayMembershipService(Manager, OverlaySection, OverlayContext);
        Joins = new OverlayJoinService(Manager, OverlaySection, Overlays, OverlayContext);
        Streams = new OverlayStreamService(OverlaySection, Overlays);
        OverlayContext.Edits.Start(Manager);
    }
}
