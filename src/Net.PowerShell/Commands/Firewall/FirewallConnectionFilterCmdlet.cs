using System.Globalization;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that say which tracked connections they mean: all conditions must hold, what is not given asks nothing.</summary>
public abstract class FirewallConnectionFilterCmdlet : EngineCmdlet
{
    /// <summary>The address of either side.</summary>
    [Parameter(Position = 0)]
    [ValueText<AddressRange>]
    public string? Address { get; set; }

    /// <summary>The protocol.</summary>
    [Parameter]
    public IpProtocol? Protocol { get; set; }

    /// <summary>The source's address.</summary>
    [Parameter]
    [ValueText<AddressRange>]
    public string? SourceAddress { get; set; }

    /// <summary>The destination's address, before or after translation.</summary>
    [Parameter]
    [ValueText<AddressRange>]
    public string? DestinationAddress { get; set; }

    /// <summary>The source's port.</summary>
    [Parameter]
    [ValueText<PortRange>]
    public string? SourcePort { get; set; }

    /// <summary>The destination's port, before or after translation.</summary>
    [Parameter]
    [ValueText<PortRange>]
    public string? DestinationPort { get; set; }

    /// <summary>The state in the kernel's words.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? State { get; set; }

    /// <summary>What was given as the engine takes it; null when nothing was.</summary>
    private protected FirewallConnectionFilter? Filter(long? id = null)
    {
        var filter = new FirewallConnectionFilter
        {
            Address = AddressOf(Address),
            Protocol = Protocol == IpProtocol.Any ? null : Protocol,
            SourceAddress = AddressOf(SourceAddress),
            DestinationAddress = AddressOf(DestinationAddress),
            SourcePort = PortOf(SourcePort),
            DestinationPort = PortOf(DestinationPort),
            State = State,
            Id = id,
        };
        return filter == new FirewallConnectionFilter() ? null : filter;
    }

    private static AddressRange? AddressOf(string? text) => string.IsNullOrEmpty(text) ? null : AddressRange.Parse(text);

    private static PortRange? PortOf(string? text) => string.IsNullOrEmpty(text) ? null : PortRange.Parse(text, CultureInfo.InvariantCulture);
}
