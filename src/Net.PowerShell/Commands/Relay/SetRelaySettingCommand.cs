using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes what holds for all rules of the multicast relay. What is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "RelaySetting", SupportsShouldProcess = true)]
[OutputType(typeof(RelaySettings))]
public sealed class SetRelaySettingCommand : SelectionCmdlet<RelaySettings>
{
    /// <summary>Worker processes.</summary>
    [Parameter]
    public int? Workers { get; set; }

    /// <summary>Pin each worker to a core.</summary>
    [Parameter]
    public SwitchParameter PinWorkers { get; set; }

    /// <summary>Bytes of packet rings of one worker.</summary>
    [Parameter]
    public int? RingBytes { get; set; }

    /// <summary>Let outputs to site-local groups have a TTL above 1.</summary>
    [Parameter]
    public SwitchParameter AllowSiteScope { get; set; }

    /// <summary>Let outputs to organization-local groups have a TTL above 1.</summary>
    [Parameter]
    public SwitchParameter AllowOrganizationScope { get; set; }

    /// <summary>Let XDP take rules of virtual interfaces too, whose senders are other hosts.</summary>
    [Parameter]
    public SwitchParameter AllowVirtualXdp { get; set; }

    /// <summary>Interfaces on which the engine asks for receivers.</summary>
    [Parameter]
    [Alias("Queriers")]
    [RelayQuerierTransformation]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [AllowEmptyCollection]
    public RelayQuerier[]? Querier { get; set; }

    private protected override ItemKind<RelaySettings> Kind => RelayKinds.Settings;

    private protected override string ActionText => "Change settings of the multicast relay";

    /// <inheritdoc />
    protected override void ProcessRecord() => Want([RelayKinds.SettingsName], null);

    private protected override async Task<(RelaySettings[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var parts = new RelaySettingsPatch
        {
            Workers = Workers,
            PinWorkers = Typed(nameof(PinWorkers), PinWorkers),
            RingBytes = RingBytes,
            AllowSiteScope = Typed(nameof(AllowSiteScope), AllowSiteScope),
            AllowOrganizationScope = Typed(nameof(AllowOrganizationScope), AllowOrganizationScope),
            AllowVirtualXdp = Typed(nameof(AllowVirtualXdp), AllowVirtualXdp),
            Queriers = Querier,
        };
        RelaySettingsChanged changed = await Edit.CommitAsync(
            RelayKinds.Settings,
            agreed,
            (settings, _) => parts.ApplyTo(settings),
            Change,
            (settings, guarded, token) => engine.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(settings[0], guarded), token),
            engine,
            cancellationToken);
        return ([changed.Settings], changed.Outcome);
    }

    private bool? Typed(string name, SwitchParameter value) => MyInvocation.BoundParameters.ContainsKey(name) ? value.IsPresent : null;
}
