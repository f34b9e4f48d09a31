using System.Net;
using Microsoft.Extensions.Logging;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall.Items;
using Net.Engine.Firewall.Lists;
using Net.Engine.Firewall.Time;
using Net.Engine.Firewall.Translation;
using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>The parts of the firewall that belong to the document, put together: translation, lists, time, services. What needs the desired state is there after
/// <see cref="Attach"/>.</summary>
internal sealed class FirewallParts : IAsyncDisposable
{
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private bool _isAttached;

    public FirewallParts(EngineSeams seams, EngineOptions options, EventLog events, ILoggerFactory loggers)
    {
        _events = events;
        _clock = seams.Clock;
        _logger = loggers.CreateLogger<FirewallSubsystem>();
        Sources = new AddressListSources(options.StateFolder, seams.HostNames, events, seams.Clock, _logger);
        Subsystem = new FirewallSubsystem(seams.FirewallDatapath, seams.FirewallReader, seams.Clock, loggers.CreateLogger<FirewallSubsystem>())
        {
            Translator = new FirewallTranslator(seams.Clock, Sources, seams.Accounts, address => ConnectedPrefix(seams.NetworkState, address)),
            Cgroups = seams.Cgroups,
            Monitor = seams.FirewallMonitor,
            Sessions = seams.SocketSessions is { } sessions ? new SessionKeeper(sessions, events, _logger) : null,
        };
    }

    /// <summary>What files, names and countries hold.</summary>
    public AddressListSources Sources { get; }

    /// <summary>The section.</summary>
    public FirewallSubsystem Subsystem { get; }

    /// <summary>Serves zones, lists, NAT, profile, detection and groups.</summary>
    public FirewallItemService Items { get; private set; } = null!;

    /// <summary>Serves what address lists hold.</summary>
    public AddressEntryService Entries { get; private set; } = null!;

    /// <summary>Makes time come into force.</summary>
    public FirewallScheduler Scheduler { get; private set; } = null!;

    /// <summary>Keeps address lists up to date.</summary>
    public AddressListRefresher Refresher { get; private set; } = null!;

    /// <summary>Makes the parts that need the desired state.</summary>
    /// <param name="configuration">The desired state.</param>
    public void Attach(ConfigurationManager configuration)
    {
        Items = new FirewallItemService(configuration, Subsystem, Sources);
        Entries = new AddressEntryService(configuration, Subsystem, Sources, _events);
        Scheduler = new FirewallScheduler(configuration, Subsystem, _events, _clock, _logger);
        Refresher = new AddressListRefresher(configuration, Subsystem, Sources, _events, _clock, _logger);
        _isAttached = true;
    }

    /// <summary>Begins to watch time, files and names. What was kept of lists is in force already.</summary>
    public void Start()
    {
        Scheduler.Start();
        Subsystem.Applied += _ => Refresher.Wake();
        Refresher.Start();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isAttached)
        {
            await Scheduler.DisposeAsync().ConfigureAwait(false);
            await Refresher.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IPNetwork? ConnectedPrefix(INetworkState network, IPAddress address)
    {
        foreach (AddressInfo own in network.GetAddresses())
        {
            int length = own.PrefixLength;
            int bits = own.Address.GetAddressBytes().Length * 8;
            if (own.Family == address.AddressFamily && length > 0 && length < bits && PrefixOf(own.Address, length) is var prefix && prefix.Contains(address))
            {
                return prefix;
            }
        }

        return null;
    }

    private static IPNetwork PrefixOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
