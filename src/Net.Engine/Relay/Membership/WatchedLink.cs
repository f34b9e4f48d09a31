using System.Net;
using System.Net.Sockets;
using Net.Relay.Membership;

namespace Net.Engine.Relay.Membership;

/// <summary>One family of one interface that is watched. Its owner's lock guards it.</summary>
/// <param name="settings">How it is watched.</param>
/// <param name="family">IPv4 or IPv6.</param>
/// <param name="address">The address to ask from; null while there is none.</param>
/// <param name="now">Now.</param>
internal sealed class WatchedLink(QuerierSettings settings, AddressFamily family, IPAddress? address, TimeSpan now) : IDisposable
{
    /// <summary>How it is watched.</summary>
    public QuerierSettings Settings => settings;

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => family;

    /// <summary>Who asks and who receives.</summary>
    public MembershipRouter Router { get; } = new(family, settings.Options, settings.Enabled, address, now);

    /// <summary>Hears and sends; null while the kernel refuses. Owned.</summary>
    public IGroupListener? Listener { get; set; }

    /// <summary>Whether packets are heard.</summary>
    public bool IsListening => Listener is not null;

    /// <summary>Why it is not heard or the last packet did not leave; null for nothing.</summary>
    public string? Reason { get; set; }

    /// <summary>Whether the interface could be used when it was last looked at.</summary>
    public bool WasUsable { get; set; }

    /// <summary>Whether receivers were all known when they were last looked at.</summary>
    public bool WasCertain { get; set; }

    /// <summary>Whether the log has a warning of another version already.</summary>
    public bool HasWarnedOfVersion { get; set; }

    /// <summary>Whether the absence of a group says that nobody wants it: packets are heard, somebody asks, and all had the time to answer.</summary>
    /// <param name="time">Now.</param>
    /// <returns>True when so.</returns>
    public bool IsCertain(TimeSpan time) => IsListening && WasUsable && Router.IsSettled(time) && Router.IsAsked(time) && Router.Table.Refused == 0;

    /// <summary>When something is due.</summary>
    /// <param name="time">Now.</param>
    /// <returns>The moment; <see cref="TimeSpan.MaxValue"/> for never.</returns>
    public TimeSpan NextDue(TimeSpan time)
    {
        TimeSpan due = IsListening && WasUsable ? Router.NextDue : Router.Table.NextDue;
        if (Router.SettlesAt is TimeSpan settles && settles > time && settles < due)
        {
            due = settles;
        }

        // Absence stops to be certain when nobody asks any more.
        if (WasCertain && Router.Querier.LastGeneralQuery + Router.Querier.Timers.GroupMembership is TimeSpan stale && stale < due)
        {
            due = stale;
        }

        return due;
    }

    /// <summary>Sends a packet, and remembers why it did not leave.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="destination">Where it goes.</param>
    public void Send(byte[] packet, IPAddress destination) => Reason = Listener?.Send(destination, packet);

    /// <summary>How it stands.</summary>
    /// <param name="time">Now.</param>
    /// <returns>A snapshot.</returns>
    public QuerierStatus Describe(TimeSpan time) => new()
    {
        InterfaceIndex = settings.InterfaceIndex,
        Family = family,
        Role = Router.Querier.Role,
        Querier = Router.Querier.Elected,
        Groups = Router.Table.Count,
        IsSettled = IsCertain(time),
        Reason = Reason ?? (Router.Querier.Role == QuerierRole.NoAddress ? $"The interface has no {(family == AddressFamily.InterNetwork ? "IPv4" : "link-local IPv6")} address to ask from." : null),
    };

    /// <inheritdoc />
    public void Dispose()
    {
        Listener?.Dispose();
        Listener = null;
    }
}
