using System.Net;
using System.Runtime.InteropServices;
using Net.Contracts;
using Net.Engine.Overlay.Audit;
using Net.Engine.Overlay.Kernel;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Streams;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Membership;
using Net.Platform;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Runtime;

/// <summary>One overlay that runs: its device, socket, worker, and what peers told. Device and socket stay open here while workers come and go, so that addresses and
/// routes stay as well. One lock around its state; nothing under it waits for a worker, a file of others or the network.</summary>
internal sealed partial class OverlayRuntime : IWorkerOwner, IAsyncDisposable
{
    private readonly OverlayContext _context;
    private readonly IOverlayRuntimeOwner _owner;
    private readonly Lock _gate = new();
    private readonly PeerIndexes _indexes = new();
    private readonly EndpointNames _names;
    private readonly AuditLog _audit;
    private readonly HashSet<string> _collisionsTold = [];
    private readonly ITimer _expiry;
    private OverlayView _view;
    private StoredIdentity _identity;
    private IOverlayDevice? _device;
    private IOverlaySocket? _socket;
    private WorkerSupervisor? _supervisor;
    private int _slot;
    private long _version;
    private bool _hasBegun;
    private string? _restartReason;
    private bool _isStopping;

    public OverlayRuntime(OverlayContext context, IOverlayRuntimeOwner owner, OverlaySettings settings, int slot)
    {
        _context = context;
        _owner = owner;
        _slot = slot;
        Settings = settings;
        _names = new EndpointNames(context.Host, context.Clock, Rebuild);
        _audit = new AuditLog(context.AuditFolder, settings.Name);
        Streams = new OverlayStreams(message => _supervisor?.TrySend(message) == true) { Intercept = TakeMessageStream };
        _identity = context.Identities.Get(settings.Identity);
        _view = BuildView();
        _expiry = context.Clock.CreateTimer(_ => Rebuild(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The document's overlay in force.</summary>
    public OverlaySettings Settings { get; private set; }

    /// <summary>What it does now.</summary>
    public OverlayState State { get; private set; } = OverlayState.Starting;

    /// <summary>Why, in one sentence without a full stop.</summary>
    public string Reason { get; private set; } = "its worker starts";

    /// <summary>Application streams.</summary>
    public OverlayStreams Streams { get; }

    /// <summary>The view in force.</summary>
    public OverlayView View => _view;

    /// <summary>How often a worker was started beyond the first.</summary>
    public int WorkerRestarts => _supervisor?.Restarts ?? 0;

    /// <summary>Whether a change needs another device or other sockets.</summary>
    public static bool NeedsReopen(OverlaySettings from, OverlaySettings to) =>
        OverlayView.InterfaceNameOf(from) != OverlayView.InterfaceNameOf(to) || from.Name != to.Name
        || from.ListenPort != to.ListenPort || from.ListenAddress != to.ListenAddress || from.Identity != to.Identity || from.Shards != to.Shards;

    /// <summary>Opens device and socket, sets up the kernel and starts the worker.</summary>
    /// <exception cref="EngineException">It cannot be set up; nothing of it is left.</exception>
    public void Start()
    {
        try
        {
            Refuse(_view);
            _device = _context.Host.CreateDevice(_view.InterfaceName, Settings.MtuBytes, Settings.Shards);
            var local = new IPEndPoint(Settings.ListenAddress is { } text ? IPAddress.Parse(text) : IPAddress.IPv6Any, Settings.ListenPort);
            _socket = _context.Host.BindSocket(local, OverlayKernelPlan.Mark, Settings.Shards);
            _context.NetworkEditor.SetLinkUp(_device.InterfaceIndex, isUp: true);
            OverlayKernel.Apply(KernelPlan(), _device.InterfaceIndex, OwnsExit, _context.NetworkState, _context.NetworkEditor);
        }
        catch (Exception exception) when (exception is IOException or NetworkChangeException)
        {
            Close();
            throw new EngineException(ErrorCatalogue.OverlayApplyFailed, $"Overlay '{Settings.Name}' could not be set up: {exception.Message}", Settings.Name, exception);
        }
        catch (EngineException)
        {
            Close();
            throw;
        }

        TellCollisions();
        ResolveNames(refresh: false);
        ScheduleExpiry();
        _supervisor = new WorkerSupervisor(_context.Host.CreateLauncher(), this, _context.Clock);
        _supervisor.Start();
        string remark = _context.Host.WorkerRemark is { } words ? $" {words}" : string.Empty;
        _context.Events.Publish("OverlayStarted", "overlay", EventSeverity.Information, $"Overlay '{Settings.Name}' listens at {_socket.LocalEndPoint} as {_view.NodeName} with {string.Join<IPAddress>(", ", _view.Addresses)}.{remark}", Settings.Name);
    }

    /// <summary>Takes a changed document that needs neither another device nor another socket.</summary>
    /// <exception cref="EngineException">It cannot be done; what was before is in force.</exception>
    public void Update(OverlaySettings settings, int slot)
    {
        OverlaySettings before;
        OverlayView viewBefore;
        lock (_gate)
        {
            before = Settings;
            int slotBefore = _slot;
            viewBefore = _view;
            try
            {
                (Settings, _slot) = (settings, slot);
                _identity = _context.Identities.Get(settings.Identity);
                OverlayView next = BuildView();
                Refuse(next);
                if (before.MtuBytes != settings.MtuBytes)
                {
                    _context.Host.SetMtu(next.InterfaceName, settings.MtuBytes);
                }

                _view = next;
                SyncKernel();

                // What the document has is the document's from now on: removed there, it is not trusted any more.
                _firstUse.RemoveAll(peer => settings.Peers.Any(one => one.PublicKey == peer.PublicKey));
            }
            catch (Exception exception) when (exception is IOException or NetworkChangeException or EngineException)
            {
                (Settings, _slot, _view) = (before, slotBefore, viewBefore);
                SyncKernelQuietly();
                throw exception as EngineException
                    ?? new EngineException(ErrorCatalogue.OverlayApplyFailed, $"Overlay '{settings.Name}' could not be changed: {exception.Message}", settings.Name, exception);
            }

            SendModel();
        }

        TellCollisions();
        ResolveNames(refresh: false);
        ScheduleExpiry();
        TellPeersThatCameOrWent(viewBefore);
        if (NeedsWorkerRestart(before, settings))
        {
            Restart("settings changed that a worker takes at its start");
        }
    }

    /// <summary>Ends the worker; another is started at once.</summary>
    public void Restart(string reason)
    {
        Volatile.Write(ref _restartReason, reason);
        _supervisor?.Restart(reason);
    }

    /// <summary>Builds the view anew and hands it on, because something it is made of changed.</summary>
    public void Rebuild()
    {
        OverlayView before;
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            before = _view;
            _identity = _context.Identities.Find(Settings.Identity) ?? _identity;
            _view = BuildView();
            SyncKernelQuietly();
            SendModel();
        }

        TellCollisions();
        ResolveNames(refresh: false);
        ScheduleExpiry();
        TellPeersThatCameOrWent(before);
    }

    /// <summary>Compares the kernel with what shall be and repairs it.</summary>
    /// <returns>What was found, one phrase each.</returns>
    /// <exception cref="EngineException">The device is gone, so that the overlay has to be started anew.</exception>
    public List<string> Repair()
    {
        lock (_gate)
        {
            if (_device is null || !_context.NetworkState.GetLinks().Any(link => link.Index == _device.InterfaceIndex))
            {
                throw new EngineException(ErrorCatalogue.OverlayApplyFailed, $"the device {_view.InterfaceName} is gone", Settings.Name);
            }

            List<string> found = [];
            LinkInfo link = _context.NetworkState.GetLinks().First(one => one.Index == _device.InterfaceIndex);
            if (!link.IsAdminUp)
            {
                _context.NetworkEditor.SetLinkUp(_device.InterfaceIndex, isUp: true);
                found.Add("the device was switched off");
            }

            if (link.MtuBytes != 0 && link.MtuBytes != (uint)Settings.MtuBytes)
            {
                _context.Host.SetMtu(link.Name, Settings.MtuBytes);
                found.Add($"the device had an MTU of {link.MtuBytes} bytes");
            }

            found.AddRange(OverlayKernel.Apply(KernelPlan(), _device.InterfaceIndex, OwnsExit, _context.NetworkState, _context.NetworkEditor));
            return found;
        }
    }

    /// <summary>Says goodbye to peers, ends the worker and closes device and socket, with which addresses and routes go.</summary>
    public async Task StopAsync(string reason)
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        if (_supervisor is { } supervisor)
        {
            await supervisor.StopAsync(new StopOverlay()).ConfigureAwait(false);
        }

        Streams.Reset(reason);
        FailTests(reason);
        Close();
        State = OverlayState.Stopped;
        Reason = reason;
        _context.Events.Publish("OverlayStopped", "overlay", EventSeverity.Information, $"Overlay '{Settings.Name}' was stopped: {reason}.", Settings.Name);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        if (_supervisor is { } supervisor)
        {
            await supervisor.StopAsync(new StopOverlay()).ConfigureAwait(false);
        }

        Streams.Reset("the engine stops");
        FailTests("the engine stops");
        Close();
    }

    /// <inheritdoc />
    public (WorkerMessage Message, SafeHandle[] Descriptors) Begin(int processId)
    {
        lock (_gate)
        {
            _hasBegun = true;
            var start = new StartOverlay
            {
                Overlay = Settings.Name,
                NodeName = _view.NodeName,
                Seed = _identity.Seed,
                Certificate = _view.Certificate?.Encode(),
                Rotation = _identity.Succession,
                MtuBytes = Settings.MtuBytes,
                HasTso = _device!.HasTso,
                HasUso = _device.HasUso,
                MaxUdpPayloadBytes = MaxUdpPayloadOf(Settings.MtuBytes),
                CongestionControl = Settings.CongestionControl.ToString().ToLowerInvariant(),
                Datagrams = Settings.Datagrams,
                KeepAlive = Settings.KeepAlive,
                BusyPoll = Settings.BusyPoll,
                IdleClose = Settings.IdleClose,
                Shards = Settings.Shards,
                Placement = ShardCores.Plan(
                    Settings.Shards, _context.Host, Settings.Shards == 1 ? null : ShardCores.FindDevice(Settings.ListenAddress is { } listen ? IPAddress.Parse(listen) : null, _context.NetworkState)),
                Model = BuildModel(),
            };
            return (start, [.. _device.Handles, .. _socket!.Handles]);
        }
    }

    // 1500 bytes of Ethernet less IPv4 and UDP headers; where somebody wants larger inner packets, room for the QUIC packet around one.
    private static int MaxUdpPayloadOf(int mtu) => mtu <= 1420 ? 1472 : mtu + 80;

    private static bool NeedsWorkerRestart(OverlaySettings from, OverlaySettings to) =>
        from.MtuBytes != to.MtuBytes || from.CongestionControl != to.CongestionControl || from.Datagrams != to.Datagrams || from.KeepAlive != to.KeepAlive
        || from.BusyPoll != to.BusyPoll || from.IdleClose != to.IdleClose || from.Certificate != to.Certificate;

    private bool OwnsExit => Settings.ExitNode is not null;

    private OverlayKernelPlan KernelPlan() => OverlayKernelPlan.Of(_view, _device!.InterfaceIndex, IsExitUp());

    private OverlayView BuildView() => OverlayView.Build(Inputs());

    private OverlayInputs Inputs() => new()
    {
        Settings = Settings,
        Identity = _identity,
        HostName = _context.Host.HostName,
        Slot = _slot,
        Members = new Dictionary<string, MembershipCertificate>(_members),
        FirstUse = [.. _firstUse.Where(peer => !Settings.Peers.Any(one => one.PublicKey == peer.PublicKey))],
        FirstUseKeys = new HashSet<string>(_firstUseKeys),
        Advertised = new Dictionary<string, ModelPrefix[]>(_advertised),
        Revocations = Net.Overlay.Identity.PublicKeyText.TryParse(Settings.NetworkKey, out byte[]? network, out _) ? _context.Revocations.Find(network) : null,
        Resolved = _names.Resolved,
        Now = _context.Clock.GetUtcNow(),
    };

    private OverlayModel BuildModel()
    {
        (byte[] IssuerKey, byte[] Frame)? join = _owner.JoinOf(Settings.Name);
        Dictionary<string, byte[]> joins = [];
        if (join is { } outgoing)
        {
            joins.Add(Convert.ToHexStringLower(outgoing.IssuerKey), outgoing.Frame);
        }

        return ModelBuilder.Build(_view, _indexes, ++_version, joins, _owner.HasInvitations(Settings.Name));
    }

    // Before a worker began, its first message will have the model.
    private void SendModel()
    {
        if (_hasBegun)
        {
            _supervisor?.TrySend(new ReplaceModel(BuildModel()));
        }
    }

    // An address of this host would become unreachable for the host itself.
    private void Refuse(OverlayView view)
    {
        AddressInfo[] own = [.. _context.NetworkState.GetAddresses().Where(address => address.InterfaceIndex != _device?.InterfaceIndex)];
        foreach (EffectivePeer peer in view.Peers)
        {
            if (peer.Addresses.FirstOrDefault(address => own.Any(one => one.Address.Equals(address))) is { } taken)
            {
                throw new EngineException(ErrorCatalogue.OverlayInvalid, $"The address {taken} of peer '{peer.Name}' is an address of this host; give the peer another by its addresses.", peer.Name);
            }
        }

        if (view.Addresses.FirstOrDefault(address => own.Any(one => one.Address.Equals(address))) is { } twice)
        {
            throw new EngineException(ErrorCatalogue.OverlayInvalid, $"The address {twice} is one of another interface of this host already; give overlay '{view.Settings.Name}' an identity of its own, or other addresses.", view.Settings.Name);
        }
    }

    private void SyncKernel()
    {
        if (_device is not null)
        {
            OverlayKernel.Apply(KernelPlan(), _device.InterfaceIndex, OwnsExit, _context.NetworkState, _context.NetworkEditor);
        }
    }

    // What is refused now is found and said by the next comparison.
    private void SyncKernelQuietly()
    {
        try
        {
            SyncKernel();
        }
        catch (NetworkChangeException exception)
        {
            Log.KernelRefused(_context.Logger, Settings.Name, exception.Message);
        }
    }

    private void ResolveNames(bool refresh) => _names.Want(_view.Peers.SelectMany(peer => peer.Document?.Endpoints ?? []), refresh);

    private void ScheduleExpiry()
    {
        DateTimeOffset now = _context.Clock.GetUtcNow();
        DateTimeOffset? next = _view.Peers.Select(peer => peer.Expires).Where(time => time > now).Min();
        TimeSpan due = next is { } time ? time - now + TimeSpan.FromMilliseconds(50) : Timeout.InfiniteTimeSpan;
        _expiry.Change(due > TimeSpan.FromDays(20) ? TimeSpan.FromDays(20) : due, Timeout.InfiniteTimeSpan);
    }

    private void TellCollisions()
    {
        foreach (string collision in _view.Collisions)
        {
            if (_collisionsTold.Add(collision))
            {
                _context.Events.Publish("OverlayAddressCollision", "overlay", EventSeverity.Warning, $"In overlay '{Settings.Name}' {collision}.", Settings.Name);
            }
        }
    }

    private void Close()
    {
        _expiry.Dispose();
        _names.Dispose();
        _audit.Dispose();
        _socket?.Dispose();
        _device?.Dispose();
        _socket = null;
        _device = null;
    }
}
