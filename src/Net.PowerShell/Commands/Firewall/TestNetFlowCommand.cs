using System.Globalization;
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
    private const string FlowSet = "Flow";
    private const string PacketSet = "Packet";

    private readonly List<NetFlow> _flows = [];

    /// <summary>A captured packet, as tcpdump prints it or as hexadecimal digits; indented lines belong to the one before.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PacketSet)]
    [ValidateNotNull]
    [AllowEmptyString]
    public string? Packet { get; set; }

    /// <summary>The destination address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    [ValidateNotNullOrEmpty]
    public string? DestinationAddress { get; set; }

    /// <summary>The destination port.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public int? DestinationPort { get; set; }

    /// <summary>The protocol.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>To this host, from it, or through it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuleDirection? Direction { get; set; }

    /// <summary>The source address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public string? SourceAddress { get; set; }

    /// <summary>The source port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
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
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    [ArgumentCompleter(typeof(IcmpTypeCompleter))]
    public string? IcmpType { get; set; }

    /// <summary>TCP flags.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public string? TcpFlags { get; set; }

    /// <summary>The code point.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public int? Dscp { get; set; }

    /// <summary>The length of the IP packet in bytes. Not called Length: every text of a pipeline has that, and would be bound by it instead of as a packet.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
    public int? PacketLength { get; set; }

    /// <summary>The source of its Ethernet frame.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FlowSet)]
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
        if (ParameterSetName == PacketSet && !TakesLine(Packet!))
        {
            return;
        }

        if (_flows.Count >= BatchSize)
        {
            Send();
        }

        _flows.Add(new NetFlow
        {
            Packet = ParameterSetName == PacketSet ? Packet : null,
            DestinationAddress = DestinationAddress ?? string.Empty,
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
            Length = PacketLength,
            SourceMac = Some(SourceMac),
            Mark = Mark ?? 0,
            User = Some(User),
            UserGroup = Some(UserGroup),
            Cgroup = Some(Cgroup),
        });
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

    // What tcpdump prints of one packet may have more lines, of which all but the first are indented.
    private bool TakesLine(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return false;
        }

        if (!char.IsWhiteSpace(line[0]) || _flows.Count == 0)
        {
            return true;
        }

        _flows[^1].Packet = $"{_flows[^1].Packet}\n{line}";
        return false;
    }

    private void Send()
    {
        List<NetFlow> flows = [.. _flows];
        _flows.Clear();
        while (flows.Count > 0)
        {
            NetFlowVerdict[] verdicts = [];
            EngineException? refusal = null;
            bool isAnswered = Run(
                async (engine, _, token) =>
                {
                    try
                    {
                        verdicts = await engine.CallAsync(EngineApi.FirewallTestFlows, new TestNetFlows([.. flows], At, Document), token);
                    }
                    catch (EngineException exception) when (UnreadableIn(exception, flows.Count) is not null)
                    {
                        refusal = exception;
                    }
                },
                flows[0].Packet ?? flows[0].DestinationAddress);
            if (!isAnswered)
            {
                return;
            }

            if (refusal is null)
            {
                Write(verdicts);
                return;
            }

            // A capture has more than what rules see: one that cannot be read is an error, and the others are asked about all the same.
            int place = UnreadableIn(refusal, flows.Count)!.Value;
            Fail(refusal, flows[place].Packet);
            flows.RemoveAt(place);
        }
    }

    // Which captured packet a refusal is about, as in "flows[3].packet".
    private static int? UnreadableIn(EngineException refusal, int count)
    {
        const string start = "flows[";
        const string end = "].packet";
        return refusal.Target is { } target && target.StartsWith(start, StringComparison.Ordinal) && target.EndsWith(end, StringComparison.Ordinal)
            && int.TryParse(target.AsSpan(start.Length, target.Length - start.Length - end.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place < count
            ? place
            : null;
    }

    private void Write(NetFlowVerdict[] verdicts)
    {
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
