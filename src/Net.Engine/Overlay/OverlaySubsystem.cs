using System.Collections.Immutable;
using System.Net;
using Net.Contracts;
using Net.Engine.Overlay.Kernel;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Policy;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Overlay.Stores;
using Net.Engine.Reconciling;
using Net.Platform;

namespace Net.Engine.Overlay;

/// <summary>Keeps the overlays of the document running.</summary>
internal sealed partial class OverlaySubsystem : ISection, IAsyncDisposable
{
    private readonly OverlayContext _context;
    private readonly IFirewallDatapath _firewall;
    private readonly IFirewallReader _firewallReader;
    private readonly Dictionary<string, string> _failures = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableDictionary<string, OverlayRuntime> _runtimes = ImmutableDictionary.Create<string, OverlayRuntime>(StringComparer.OrdinalIgnoreCase);
    private OverlaySection _applied = new();
    private string? _nftText;
    private string? _nftFingerprint;
    private string? _resolverTold;
    private volatile SubsystemStatus _status = new("overlay", false, "not applied yet");

    public OverlaySubsystem(OverlayContext context, IFirewallDatapath firewall, IFirewallReader firewallReader)
    {
        _context = context;
        _firewall = firewall;
        _firewallReader = firewallReader;
        Joining = new OverlayJoining(context);
        Messages = new Streams.OverlayMessages(context.Clock);
    }

    /// <inheritdoc />
    public string Name => "overlay";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <summary>Joining networks, on both sides.</summary>
    public OverlayJoining Joining { get; }

    /// <summary>Messages between applications.</summary>
    public Streams.OverlayMessages Messages { get; }

    /// <summary>Overlays that run, by name.</summary>
    public ImmutableDictionary<string, OverlayRuntime> Runtimes => _runtimes;

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems)
    {
        int before = problems.Count;
        OverlayChecks.Run(document.Overlay, name => string.Equals(name, IdentityStore.DefaultName, StringComparison.OrdinalIgnoreCase) || _context.Identities.Find(name) is not null, problems);
        CheckShards(document.Overlay, problems);
        for (int index = 0; problems.Count == before && index < document.Overlay.Overlays.Length; index++)
        {
            CheckPolicy(document.Overlay.Overlays[index], index, problems);
        }
    }

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan)
    {
        OverlayPlan.Describe(from.Overlay, to.Overlay, plan);
        foreach (OverlaySettings overlay in to.Overlay.Overlays.Where(overlay => !from.Overlay.Overlays.Contains(overlay)))
        {
            WarnOfClashes(overlay, plan);
            if (overlay is { Enabled: true, Policy.Length: 0 } && !from.Overlay.Overlays.Any(old => string.Equals(old.Name, overlay.Name, StringComparison.OrdinalIgnoreCase)))
            {
                plan.Warn($"In overlay '{overlay.Name}' nothing may reach this node before a rule of its policy allows it; what this node opens itself is allowed.");
            }
        }
    }

    /// <inheritdoc />
    public async Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        if (from is not null && ReferenceEquals(_applied, to.Overlay))
        {
            return;
        }

        OverlaySection before = _applied;
        try
        {
            await RunAsync(to.Overlay, isStrict: from is not null).ConfigureAwait(false);
            await ApplyGatewaysAsync(isStrict: from is not null, cancellationToken).ConfigureAwait(false);
            _applied = to.Overlay;
        }
        catch (EngineException)
        {
            await RunAsync(before, isStrict: false).ConfigureAwait(false);
            await ApplyGatewaysAsync(isStrict: false, cancellationToken).ConfigureAwait(false);
            UpdateStatus(before);
            throw;
        }

        UpdateStatus(to.Overlay);
        await SetResolversAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        List<string> found = [];
        bool isRepaired = true;
        foreach (OverlayRuntime runtime in _runtimes.Values)
        {
            try
            {
                found.AddRange(runtime.Repair().Select(what => $"overlay '{runtime.Settings.Name}': {what}"));
            }
            catch (EngineException exception)
            {
                found.Add($"overlay '{runtime.Settings.Name}': {exception.Message}");
                await StopAsync(runtime.Settings.Name, exception.Message).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NetworkChangeException or IOException)
            {
                found.Add($"overlay '{runtime.Settings.Name}': {exception.Message}");
                isRepaired = false;
            }
        }

        string[] missing = [.. Enabled(desired.Overlay).Select(one => one.Settings.Name).Where(name => !_runtimes.ContainsKey(name))];
        if (missing.Length > 0)
        {
            await RunAsync(desired.Overlay, isStrict: false).ConfigureAwait(false);
            foreach (string name in missing)
            {
                bool isBack = _runtimes.ContainsKey(name);
                found.Add(isBack ? $"overlay '{name}' was started anew" : $"overlay '{name}' does not run: {_failures.GetValueOrDefault(name)}");
                isRepaired &= isBack;
            }
        }

        if (_nftFingerprint != Fingerprint() || _nftText != WantedNft())
        {
            found.Add("the table of gateways was not as it should be");
            isRepaired &= await ApplyGatewaysAsync(isStrict: false, cancellationToken, isForced: true).ConfigureAwait(false);
        }

        UpdateStatus(desired.Overlay);
        return found.Count == 0 ? null
            : new DriftReport(isRepaired ? "OverlayDriftRepaired" : "OverlayNotInForce", string.Join("; ", found.Take(8)) + (found.Count > 8 ? $" and {found.Count - 8} more" : string.Empty), isRepaired ? "it was put back" : "it is tried again", isRepaired);
    }

    /// <inheritdoc />
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (string name in _runtimes.Keys)
        {
            await StopAsync(name, "it was taken out of the kernel on request").ConfigureAwait(false);
        }

        OverlayKernel.RemoveExit(_context.NetworkState, _context.NetworkEditor);
        await ApplyGatewaysAsync(isStrict: false, cancellationToken).ConfigureAwait(false);
        _status = new SubsystemStatus(Name, false, "taken out of the kernel on request");
    }

    /// <summary>Builds the views of all overlays anew, because keys or revocation lists changed.</summary>
    public void RebuildAll()
    {
        foreach (OverlayRuntime runtime in _runtimes.Values)
        {
            runtime.Rebuild();
        }
    }

    /// <summary>The runtime of an overlay.</summary>
    /// <exception cref="EngineException">It does not run.</exception>
    public OverlayRuntime Running(string name) => _runtimes.GetValueOrDefault(name)
        ?? throw new EngineException(ErrorCatalogue.OverlayNotRunning, $"Overlay '{name}' does not run: {_failures.GetValueOrDefault(name, "it is switched off")}.", name);

    /// <summary>The document's overlay with what it does now.</summary>
    public OverlaySettings Describe(OverlaySettings settings)
    {
        if (_runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime))
        {
            return runtime.Describe(settings);
        }

        OverlayView? view = ViewOf(settings);
        return settings with
        {
            State = settings.Enabled ? OverlayState.Failed : OverlayState.Stopped,
            StateReason = settings.Enabled ? _failures.GetValueOrDefault(settings.Name, "it was not started yet") : "it is switched off",
            NodeId = view?.NodeId.ToString(),
            PublicKey = view is null ? null : Net.Overlay.Identity.PublicKeyText.Format(_context.Identities.Find(settings.Identity)!.PublicKey),
        };
    }

    /// <summary>The view of an overlay, also of one that does not run; null while it has no key.</summary>
    public OverlayView? ViewOf(OverlaySettings settings) =>
        _runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime) && ReferenceEquals(runtime.Settings, settings) ? runtime.View
        : _context.Identities.Find(settings.Identity) is { } identity
            ? OverlayView.Build(new OverlayInputs { Settings = settings, Identity = identity, HostName = _context.Host.HostName, Now = _context.Clock.GetUtcNow() })
            : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (OverlayRuntime runtime in _runtimes.Values)
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
        }

        _runtimes = _runtimes.Clear();
    }

    // What runs already was right when it was set: a host that lost cores must not refuse changes of other things.
    private void CheckShards(OverlaySection section, ICollection<ConfigurationProblem> problems)
    {
        int cores = _context.Host.Cores.Count;
        for (int index = 0; index < section.Overlays.Length; index++)
        {
            OverlaySettings overlay = section.Overlays[index];
            if (overlay.Shards > Math.Max(1, cores) && overlay.Shards <= OverlayChecks.MaxShards && !(_runtimes.TryGetValue(overlay.Name, out OverlayRuntime? runtime) && runtime.Settings.Shards == overlay.Shards))
            {
                problems.Add(new ConfigurationProblem(
                    $"overlay.overlays[{index}].shards", ErrorCatalogue.OverlayInvalid.Id, $"{overlay.Shards} shards cannot keep to a core each: this host lets the engine use {cores}."));
            }
        }
    }

    private static IEnumerable<(OverlaySettings Settings, int Slot)> Enabled(OverlaySection section) =>
        section.Overlays.Select((settings, slot) => (settings, slot)).Where(one => one.settings.Enabled);

    // Everything that goes first, so that a device or port that moves from one overlay to another is free.
    private async Task RunAsync(OverlaySection section, bool isStrict)
    {
        (OverlaySettings Settings, int Slot)[] wanted = [.. Enabled(section)];
        foreach (OverlayRuntime runtime in _runtimes.Values)
        {
            OverlaySettings? next = wanted.FirstOrDefault(one => string.Equals(one.Settings.Name, runtime.Settings.Name, StringComparison.OrdinalIgnoreCase)).Settings;
            if (next is null || OverlayRuntime.NeedsReopen(runtime.Settings, next))
            {
                await StopAsync(runtime.Settings.Name, next is null ? "it is switched off or removed" : "its device, port, key or number of shards changed").ConfigureAwait(false);
            }
        }

        _failures.Clear();
        foreach ((OverlaySettings settings, int slot) in wanted)
        {
            try
            {
                if (_runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime))
                {
                    runtime.Update(settings, slot);
                    EnableForwarding(runtime);
                    continue;
                }

                runtime = new OverlayRuntime(_context, this, settings, slot);
                runtime.Start();
                _runtimes = _runtimes.Add(settings.Name, runtime);
                EnableForwarding(runtime);
            }
            catch (EngineException exception) when (!isStrict)
            {
                _failures[settings.Name] = exception.Message;
            }
        }

        if (!wanted.Any(one => one.Settings.ExitNode is not null))
        {
            OverlayKernel.RemoveExit(_context.NetworkState, _context.NetworkEditor);
        }
    }

    private async Task StopAsync(string name, string reason)
    {
        if (_runtimes.TryGetValue(name, out OverlayRuntime? runtime))
        {
            _runtimes = _runtimes.Remove(name);
            await runtime.StopAsync(reason).ConfigureAwait(false);
        }
    }

    private void EnableForwarding(OverlayRuntime runtime)
    {
        if (!runtime.View.Forwards)
        {
            return;
        }

        string role = runtime.View.IsHub ? "hub" : "gateway";

        try
        {
            if (_context.Host.EnableForwarding() is { } changed)
            {
                _context.Events.Publish("OverlayForwardingEnabled", "overlay", EventSeverity.Warning, $"This node is a {role} of overlay '{runtime.Settings.Name}': {changed}. It stays so when the overlay is removed.", runtime.Settings.Name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _context.Events.Publish("OverlayForwardingEnabled", "overlay", EventSeverity.Error, $"This node is a {role} of overlay '{runtime.Settings.Name}', but the kernel cannot be made to forward packets: {exception.Message} Set net.ipv4.ip_forward and net.ipv6.conf.all.forwarding to 1.", runtime.Settings.Name);
        }
    }

    private void CheckPolicy(OverlaySettings overlay, int index, ICollection<ConfigurationProblem> problems)
    {
        if (overlay.Policy.Length == 0 && overlay.PolicyTests.Length == 0)
        {
            return;
        }

        try
        {
            OverlayView? view = _runtimes.TryGetValue(overlay.Name, out OverlayRuntime? runtime) ? runtime.ViewFor(overlay) : ViewOf(overlay);
            if (view is null)
            {
                return;
            }

            foreach (string failure in PolicyWords.Failures(view, _context.Clock.GetUtcNow()))
            {
                problems.Add(new ConfigurationProblem($"overlay.overlays[{index}].policyTests", ErrorCatalogue.OverlayPolicyTestFailed.Id, $"A policy test of overlay '{overlay.Name}' does not hold: {failure}"));
            }
        }
        catch (FormatException exception)
        {
            problems.Add(new ConfigurationProblem($"overlay.overlays[{index}].policy", ErrorCatalogue.OverlayInvalid.Id, $"The policy of overlay '{overlay.Name}' cannot be used: {exception.Message}"));
        }
    }

    private void WarnOfClashes(OverlaySettings overlay, PlanBuilder plan)
    {
        IPNetwork prefix = OverlayNumbers.ToNetwork(overlay.Prefix);
        HashSet<string> devices = [.. _applied.Overlays.Select(OverlayView.InterfaceNameOf), OverlayView.InterfaceNameOf(overlay)];
        Dictionary<int, string> links = _context.NetworkState.GetLinks().ToDictionary(link => link.Index, link => link.Name);
        foreach (AddressInfo address in _context.NetworkState.GetAddresses().Where(address => prefix.Contains(address.Address)))
        {
            string device = links.GetValueOrDefault(address.InterfaceIndex, "?");
            if (!devices.Contains(device))
            {
                plan.Warn($"This host has {address.Address} on {device}, inside of {prefix} that overlay '{overlay.Name}' derives addresses in. Only single addresses of peers are routed into the overlay, so both work; a peer that gets an address the host uses is refused.");
            }
        }

        if (overlay is { ExitNode: not null, KillSwitch: true })
        {
            plan.Warn($"While the exit node '{overlay.ExitNode}' cannot be reached, this host reaches nothing outside of its own networks: that is the kill switch.");
        }
    }

    private void UpdateStatus(OverlaySection section)
    {
        int enabled = Enabled(section).Count();
        string? failure = _failures.Count > 0 ? $"{_failures.First().Key}: {_failures.First().Value}"
            : _runtimes.Values.FirstOrDefault(runtime => runtime.State == OverlayState.Failed) is { } failed ? $"{failed.Settings.Name}: {failed.Reason}" : null;
        _status = failure is null
            ? new SubsystemStatus(Name, true, $"{_runtimes.Count} overlays run")
            : new SubsystemStatus(Name, false, $"{enabled - _failures.Count} of {enabled} overlays run; {failure}");
    }
}
