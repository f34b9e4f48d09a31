using System.Globalization;

namespace Net.Overlay.Policy;

/// <summary>When a rule counts, in the local time of a place.</summary>
public sealed record TimeWindow
{
    private readonly TimeZoneInfo _zone;

    /// <summary>Makes a window.</summary>
    /// <param name="days">Days on which it opens.</param>
    /// <param name="from">When it opens, whole minutes.</param>
    /// <param name="to">When it closes, whole minutes; at or before <paramref name="from"/> it is the next day's time, so that equal times are a whole day.</param>
    /// <param name="zone">The time zone's IANA name, "Europe/Berlin".</param>
    /// <exception cref="ArgumentException">A time has seconds, or the zone is not known here.</exception>
    public TimeWindow(PolicyDays days, TimeOnly from, TimeOnly to, string zone)
    {
        if (from.Ticks % TimeSpan.TicksPerMinute != 0 || to.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            throw new ArgumentException("A window opens and closes at whole minutes.", nameof(from));
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found))
        {
            throw new ArgumentException($"The time zone '{zone}' is not known on this host; names are IANA's, such as Europe/Berlin.", nameof(zone));
        }

        Days = days;
        From = from;
        To = to;
        Zone = zone;
        _zone = found;
    }

    /// <summary>Days on which it opens.</summary>
    public PolicyDays Days { get; }

    /// <summary>When it opens.</summary>
    public TimeOnly From { get; }

    /// <summary>When it closes.</summary>
    public TimeOnly To { get; }

    /// <summary>The time zone's IANA name.</summary>
    public string Zone { get; }

    /// <summary>Whether it is open at a moment.</summary>
    /// <param name="moment">The moment.</param>
    public bool IsOpen(DateTimeOffset moment)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(moment, _zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (From < To)
        {
            return Opens(local.DayOfWeek) && time >= From && time < To;
        }

        return (Opens(local.DayOfWeek) && time >= From) || (Opens((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)) && time < To);
    }

    /// <summary>The text that policy hashes are made of.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int)Days} {From:HH\\:mm}-{To:HH\\:mm} {Zone}");

    private bool Opens(DayOfWeek day) => ((int)Days & (1 << (int)day)) != 0;
}
