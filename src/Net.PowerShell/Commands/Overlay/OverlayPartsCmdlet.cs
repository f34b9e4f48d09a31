using System.Management.Automation;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the parts of an overlay, by name or from properties of what the pipeline brings.
/// The engine checks ranges: a validation here would refuse the empty properties of a whole overlay.</summary>
public abstract class OverlayPartsCmdlet : ChangeCmdlet
{
    private HashSet<string> _typed = [];

    /// <summary>The identity this engine takes part with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayIdentityNameCompleter))]
    [AllowEmptyString]
    public string? Identity { get; set; }

    /// <summary>The TUN device's name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? InterfaceAlias { get; set; }

    /// <summary>The UDP port to listen at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? ListenPort { get; set; }

    /// <summary>The local address to listen at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? ListenAddress { get; set; }

    /// <summary>The public key of the network whose certificates are trusted.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? NetworkKey { get; set; }

    /// <summary>This node's membership certificate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Certificate { get; set; }

    /// <summary>Keep an unknown key at its first connection.</summary>
    [Parameter]
    public SwitchParameter TrustOnFirstUse { get; set; }

    /// <summary>This node's overlay addresses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Addresses")]
    [ListTransformation<string>]
    [AllowEmptyCollection]
    public string[]? Address { get; set; }

    /// <summary>The prefix IPv4 addresses are derived in.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public AddressRange? Prefix { get; set; }

    /// <summary>The TUN device's MTU in bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? MtuBytes { get; set; }

    /// <summary>Who connects to whom.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public OverlayTopology? Topology { get; set; }

    /// <summary>Names of the hubs.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Hubs")]
    [ListTransformation<string>]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [AllowEmptyCollection]
    public string[]? Hub { get; set; }

    /// <summary>How the sending rate follows the path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public CongestionControl? CongestionControl { get; set; }

    /// <summary>Carry packets in DATAGRAM frames.</summary>
    [Parameter]
    public SwitchParameter Datagrams { get; set; }

    /// <summary>Time without a packet after which a session is kept alive.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>How long after a packet to keep looking for the next one before sleeping; zero sleeps at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? BusyPoll { get; set; }

    /// <summary>How many threads of the worker share the peers among them, no more than the host has cores.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 64)]
    public int? Shards { get; set; }

    /// <summary>Time without traffic after which a session is closed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationTransformation]
    public TimeSpan? IdleClose { get; set; }

    /// <summary>Use prefixes that peers advertise, and may.</summary>
    [Parameter]
    public SwitchParameter AcceptRoutes { get; set; }

    /// <summary>The peer all other traffic of this host leaves by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [AllowEmptyString]
    public string? ExitNode { get; set; }

    /// <summary>Drop traffic while the exit node cannot be reached.</summary>
    [Parameter]
    public SwitchParameter KillSwitch { get; set; }

    /// <summary>Answer names of peers.</summary>
    [Parameter]
    public SwitchParameter NameService { get; set; }

    /// <summary>Tell the host's resolver to ask the overlay for the overlay's names.</summary>
    [Parameter]
    public SwitchParameter UseHostResolver { get; set; }

    /// <summary>Sets of peers by name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Groups")]
    [OverlayGroupTransformation]
    [AllowEmptyCollection]
    public OverlayGroup[]? Group { get; set; }

    /// <summary>Expectations that must hold before a policy is applied.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PolicyTests")]
    [OverlayPolicyTestTransformation]
    [AllowEmptyCollection]
    public OverlayPolicyTest[]? PolicyTest { get; set; }

    /// <summary>Write audit records.</summary>
    [Parameter]
    public SwitchParameter Audit { get; set; }

    /// <summary>Record connections that were allowed.</summary>
    [Parameter]
    public SwitchParameter AuditConnections { get; set; }

    /// <summary>The size an audit file is rotated at.</summary>
    [Parameter]
    public long? AuditMaxFileBytes { get; set; }

    /// <summary>How many rotated audit files are kept.</summary>
    [Parameter]
    public int? AuditMaxFiles { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The parts given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects: a whole overlay from the pipeline says
    /// which overlay is meant, and must not count as if every one of its parts had been given.</param>
    private protected OverlayPatch Parts(bool typedOnly)
    {
        return new OverlayPatch
        {
            Identity = Given(Identity),
            InterfaceAlias = Given(InterfaceAlias),
            ListenPort = Given(ListenPort),
            ListenAddress = Given(ListenAddress),
            NetworkKey = Given(NetworkKey),
            Certificate = Given(Certificate),
            TrustOnFirstUse = Switch(TrustOnFirstUse),
            Addresses = Given(Address),
            Prefix = Given(Prefix),
            MtuBytes = Given(MtuBytes),
            Topology = Given(Topology),
            Hubs = Given(Hub),
            CongestionControl = Given(CongestionControl),
            Datagrams = Switch(Datagrams),
            KeepAlive = Given(KeepAlive),
            BusyPoll = Given(BusyPoll),
            Shards = Given(Shards),
            IdleClose = Given(IdleClose),
            AcceptRoutes = Switch(AcceptRoutes),
            ExitNode = Given(ExitNode),
            KillSwitch = Switch(KillSwitch),
            NameService = Switch(NameService),
            UseHostResolver = Switch(UseHostResolver),
            Groups = Given(Group),
            PolicyTests = Given(PolicyTest),
            AuditEnabled = Switch(Audit),
            AuditConnections = Switch(AuditConnections),
            AuditMaxFileBytes = AuditMaxFileBytes,
            AuditMaxFiles = AuditMaxFiles,
        };

        T? Given<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") => !typedOnly || _typed.Contains(name) ? value : default;

        bool? Switch(SwitchParameter value, [CallerArgumentExpression(nameof(value))] string name = "") => _typed.Contains(name) ? value.IsPresent : null;
    }
}
