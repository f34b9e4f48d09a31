using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Contracts;
using Net.Engine;
using Net.Engine.Access;
using Net.Engine.Rpc;
using Net.Platform;
using Net.Platform.Linux;

namespace Net.Service;

/// <summary>What an engine needs of a Linux host.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxHost : IAccountNames, IPeerIdentifier, IPrivilegeReader, IDisposable
{
    // All this engine does needs no more than these: nftables, routes and links; raw sockets for probes and the relay; workers as another user, and ending
    // them; the relay's programs in the kernel, whose verifier asks for CAP_PERFMON where headers differ in length.
    private static readonly string[] Needed = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_BPF", "CAP_PERFMON"];

    private readonly RouteNetlink _network = new();
    private readonly NftablesReader _firewall = new();
    private readonly NetworkMonitor _networkMonitor = new();
    private readonly IFirewallMonitor _firewallMonitor = OpenFirewallMonitor();
    private readonly IcmpEchoProber _prober = new();
    private readonly LinkFactsReader _linkFacts = new();
    private readonly Firewall.LinuxFirewallHost _firewallHost = new();
    private readonly Net.Platform.Linux.Netfilter.SocketSessions _sessions = new();

    /// <inheritdoc />
    public string UserName { get; } = NameOf(Environment.UserName);

    /// <summary>The seams of an engine on this host.</summary>
    public EngineSeams CreateSeams(EngineOptions options, ILogLevels levels, string? workerProgram = null, string? bpfFolder = null) =>
        CreateSeams(options, levels, WorkerAccount.Find(workerProgram), bpfFolder);

    private EngineSeams CreateSeams(EngineOptions options, ILogLevels levels, WorkerAccount workers, string? bpfFolder) => new()
    {
        FirewallDatapath = new NftTextLoader(),
        FirewallReader = _firewall,
        FirewallMonitor = _firewallMonitor,
        NetworkState = _network,
        NetworkEditor = _network,
        NetworkMonitor = _networkMonitor,
        LinkFacts = _linkFacts,
        Prober = _prober,
        Accounts = this,
        PeerIdentifier = this,
        Privileges = this,
        LogLevels = levels,
        OverlayHost = new Overlay.LinuxOverlayHost(workers),
        Cgroups = new CgroupFinder(),
        SocketSessions = _sessions,
        RelayHost = new Relay.LinuxRelayHost(workers, _linkFacts, bpfFolder),
        FirewallHost = _firewallHost,
        SetGroup = path => SetGroup(path, options.SocketGroup),
        UserId = ProcessCapabilities.Read().Threads[0].UserId,
        Steps = KillAtStep.FromEnvironment(),
    };

    /// <inheritdoc />
    public uint? FindUser(string name) => UnixAccounts.GetUserId(name);

    /// <inheritdoc />
    public uint? FindGroup(string name) => UnixAccounts.GetGroupId(name);

    /// <inheritdoc />
    public CallerIdentity Identify(Socket socket)
    {
        PeerCredentials peer = PeerCredentials.Get(socket);
        return new CallerIdentity
        {
            UserId = peer.UserId,
            GroupIds = [peer.GroupId, .. peer.SupplementaryGroups],
            ProcessId = peer.ProcessId,
            UserName = UnixAccounts.GetUserName(peer.UserId) ?? peer.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    /// <inheritdoc />
    public PrivilegeStatus Read()
    {
        ProcessCapabilities now = ProcessCapabilities.Read();
        string[] effective = [.. now.EffectiveNames];
        string[] bounding = [.. CapabilityNames.InSet(now.Bounding)];
        return new PrivilegeStatus(effective, bounding, now.NoNewPrivileges, now.Threads.Count, RemarkOn(effective, bounding, now));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _networkMonitor.Dispose();
        _firewallMonitor.Dispose();
        _prober.Dispose();
        _linkFacts.Dispose();
        _network.Dispose();
        _firewall.Dispose();
        _firewallHost.Dispose();
        _sessions.Dispose();
    }

    // Without CAP_NET_ADMIN the engine still shows paths and configuration, so it must start.
    private static IFirewallMonitor OpenFirewallMonitor()
    {
        try
        {
            return new NftablesMonitor();
        }
        catch (NetlinkException)
        {
            return new SilentFirewallMonitor();
        }
    }

    private static string? RemarkOn(string[] effective, string[] bounding, ProcessCapabilities now)
    {
        string[] missing = [.. Needed.Except(effective, StringComparer.OrdinalIgnoreCase)];
        if (missing.Length > 0)
        {
            return $"{string.Join(" and ", missing)} missing: {(missing.Contains("CAP_NET_ADMIN") ? "rules and routes cannot be applied" : missing.Contains("CAP_NET_RAW") ? "paths cannot be probed and packets not relayed by workers"
                : missing.Contains("CAP_SETUID") || missing.Contains("CAP_SETGID") || missing.Contains("CAP_KILL") ? "workers run as the engine's own user"
                : "the relay cannot forward in the kernel and uses workers")}";
        }

        if (!now.AreThreadsEqual)
        {
            return "the threads of the process do not all hold the same; start it by 'netmod engine run' or its unit";
        }

        int more = bounding.Except(Needed, StringComparer.OrdinalIgnoreCase).Count();
        return more > 0 || !now.NoNewPrivileges
            ? $"{more} more capabilities than needed could be regained; start the engine by 'netmod engine run' or its unit"
            : null;
    }

    private static string? SetGroup(string path, string group)
    {
        if (UnixAccounts.GetGroupId(group) is not { } id)
        {
            return $"the host has no group {group}";
        }

        try
        {
            UnixFiles.SetOwner(path, null, id);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return $"it cannot be given to the group {group}: {exception.Message}";
        }
    }

    private static string NameOf(string name) => name.Length > 0 ? name : "unknown";
}
