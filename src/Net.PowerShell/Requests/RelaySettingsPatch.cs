using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The settings of the relay a user gave. Null leaves one as it is.</summary>
internal sealed record RelaySettingsPatch
{
    public int? Workers { get; init; }

    public bool? PinWorkers { get; init; }

    public int? RingBytes { get; init; }

    public bool? AllowSiteScope { get; init; }

    public bool? AllowOrganizationScope { get; init; }

    public bool? AllowVirtualXdp { get; init; }

    public RelayQuerier[]? Queriers { get; init; }

    /// <summary>The settings with these in place of their own. What queriers are now is left out.</summary>
    public RelaySettings ApplyTo(RelaySettings settings) => new()
    {
        Workers = Workers ?? settings.Workers,
        PinWorkers = PinWorkers ?? settings.PinWorkers,
        RingBytes = RingBytes ?? settings.RingBytes,
        AllowSiteScope = AllowSiteScope ?? settings.AllowSiteScope,
        AllowOrganizationScope = AllowOrganizationScope ?? settings.AllowOrganizationScope,
        AllowVirtualXdp = AllowVirtualXdp ?? settings.AllowVirtualXdp,
        Queriers = [.. (Queriers ?? settings.Queriers).Select(querier => querier with { IsElected = null, ElectedAddress = null })],
    };
}
