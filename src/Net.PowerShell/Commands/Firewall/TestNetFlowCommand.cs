using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Tells whether packets would pass the firewall, by which rule, after which translation and by which route, without sending anything.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NetFlow")]
[OutputType(typeof(NetFlowVerdict), typeof(bool))]
public sealed class TestNetFlowCommand : EngineCmdlet
{
    // So many packets travel in one request: answers carry the rules considered and are large.
    private const int BatchSize = 256;

    private readonly List<NetFlow> _flows = [];

    /// <summary>The destination address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DestinationAddress { get; set; }

    /// <summary>The destination port.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public int? DestinationPort { get; set; }

    /// <summary>The protocol.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>To this host, from it, or through it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleDirection? Direction { get; set; }

    /// <summary>The source address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? SourceAddress { get; set; }

    /// <summary>The source port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? SourcePort { get; set; }

    /// <summary>The interface it comes in by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    public string? InterfaceAlias { get; set; }

    /// <summary>The interface it leaves by.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    public string? OutInterfaceAlias { get; set; }

    /// <summary>The state of its connection.</summary>
    [Parameter]
    public ConnectionState State { get; set; } = ConnectionState.New;

    /// <summary>The ICMP type.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(IcmpTypeCompleter))]
    public string? IcmpType { get; set; }

    /// <summary>TCP flags.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? TcpFlags { get; set; }

    /// <summary>The code point.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Dscp { get; set; }

    /// <summary>The length of the IP packet in bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Length { get; set; }

    /// <summary>The source of its Ethernet frame.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? SourceMac { get; set; }

    /// <summary>Its mark.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? Mark { get; set; }

    /// <summary>The user who sends it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? User { get; set; }

    /// <summary>The group that sends it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? UserGroup { get; set; }

    /// <summary>The control group of its socket.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Cgroup { get; set; }

    /// <summary>The time it is sent.</summary>
    [Parameter]
    public DateTimeOffset? At { get; set; }

    /// <summary>A configuration to ask instead of the one in force.</summary>
    [Parameter]
    [ValidateNotNull]
    public NetConfiguration? Document { get; set; }

    /// <summary>Write only whether it would pass.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        _flows.Add(new NetFlow
        {
            DestinationAddress = DestinationAddress!,
            DestinationPort = DestinationPort,
            Protocol = Protocol ?? IpProtocol.Tcp,
            Direction = Direction,
            SourceAddress = Some(SourceAddress),
            SourcePort = SourcePort,
            InterfaceAlias = Some(InterfaceAlias),
            OutInterfaceAlias = Some(OutInterfaceAlias),
            State = State,
            IcmpType = Some(IcmpType),
            TcpFlags = Some(TcpFlags),
            Dscp = Dscp ?? 0,
            Length = Length,
            SourceMac = Some(SourceMac),
            Mark = Mark ?? 0,
            User = Some(User),
            UserGroup = Some(UserGroup),
            Cgroup = Some(Cgroup),
        });
        if (_flows.Count == BatchSize)
        {
            Send();
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_flows.Count > 0)
        {
            Send();
        }
    }

    // Binding by property name makes the empty text of null.
    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private void Send()
    {
        NetFlow[] flows = [.. _flows];
        _flows.Clear();
        if (!TryCall(EngineApi.FirewallTestFlows, new TestNetFlows(flows, At, Document), flows[0].DestinationAddress, out NetFlowVerdict[] verdicts))
        {
            return;
        }

        foreach (NetFlowVerdict verdict in verdicts)
        {
            if (Quiet)
            {
                WriteVerbose(verdict.Reason);
                WriteObject(verdict.Allowed);
            }
            else
            {
                WriteObject(verdict);
            }
        }
    }
}
