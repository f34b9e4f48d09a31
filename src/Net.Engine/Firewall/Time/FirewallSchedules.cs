using Net.Contracts;

namespace Net.Engine.Firewall.Time;

/// <summary>When schedules are in force. A window begins at a local time of a local date and ends at a local time of the same or the next date. Where the clock is put
/// forward over one of these times, the instant of the change stands for it; a window that lies in the gap as a whole does not exist on that date. Where the clock is put
/// back, a window begins at the first and ends at the last of the instants that read the same: it covers every moment whose clock reads a time within it.</summary>
internal static class FirewallSchedules
{
    // Contiguous windows beyond this are looked at again then.
    private const int LongestLookDays = 16;

    /// <summary>The time zone of a schedule; null when the host does not know it.</summary>
    public static TimeZoneInfo? ZoneOf(FirewallSchedule schedule, TimeZoneInfo local) => schedule.TimeZone is not { } name ? local
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;

    /// <summary>Whether a schedule is in force at an instant, and when that changes next.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="zone">Its time zone.</param>
    /// <param name="now">The instant.</param>
    public static (bool IsInForce, DateTimeOffset? NextChange) At(FirewallSchedule schedule, TimeZoneInfo zone, DateTimeOffset now)
    {
        // A window of yesterday may reach into today, and one of the day before yesterday into a day that was skipped.
        DateOnly date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(-2);
        if (schedule.FirstDate is { } first && first > date)
        {
            date = first;
        }

        DateTimeOffset? end = null;
        for (int day = 0; day < LongestLookDays && date < DateOnly.MaxValue.AddDays(-2); day++, date = date.AddDays(1))
        {
            if (schedule.LastDate is { } last && date > last)
            {
                return (end is not null, end);
            }

            if ((schedule.Day.Length > 0 && !schedule.Day.Contains(date.DayOfWeek)) || WindowOf(schedule, zone, date) is not { } window || window.End <= now)
            {
                continue;
            }

            if (end is null && window.Begin > now)
            {
                return (false, window.Begin);
            }

            if (end is { } soFar && window.Begin > soFar)
            {
                return (true, soFar);
            }

            end = end is null || window.End > end ? window.End : end;
        }

        // All days and all day: only a last date could end it, and that is looked for again when this look ends.
        bool isEndless = schedule is { LastDate: null, Day: [], From: null, Until: null };
        return (end is not null, isEndless ? null : end);
    }

    private static (DateTimeOffset Begin, DateTimeOffset End)? WindowOf(FirewallSchedule schedule, TimeZoneInfo zone, DateOnly date)
    {
        TimeOnly from = schedule.From ?? TimeOnly.MinValue;
        TimeOnly until = schedule.Until ?? TimeOnly.MinValue;
        DateOnly endDate = until > from ? date : date.AddDays(1);
        DateTimeOffset begin = InstantOf(date.ToDateTime(from), zone, isLater: false);
        DateTimeOffset end = InstantOf(endDate.ToDateTime(until), zone, isLater: true);
        return begin < end ? (begin, end) : null;
    }

    private static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone, bool isLater)
    {
        if (zone.IsAmbiguousTime(local))
        {
            TimeSpan[] offsets = zone.GetAmbiguousTimeOffsets(local);
            return new DateTimeOffset(local - (isLater ? offsets.Min() : offsets.Max()), TimeSpan.Zero);
        }

        // A gap by another base offset, such as a skipped day, is none to the framework; only reading the clock at the instant tells.
        var instant = new DateTimeOffset(local - zone.GetUtcOffset(local), TimeSpan.Zero);
        return zone.IsInvalidTime(local) || instant.DateTime + zone.GetUtcOffset(instant) != local ? EndOfGap(local, zone) : instant;
    }

    // The first second at which the offset is the one after the gap; gaps are up to a day long (Samoa, 30 December 2011).
    private static DateTimeOffset EndOfGap(DateTime local, TimeZoneInfo zone)
    {
        var middle = new DateTimeOffset(local, TimeSpan.Zero);
        DateTimeOffset before = middle.AddHours(-38);
        DateTimeOffset after = middle.AddHours(38);
        TimeSpan oldOffset = zone.GetUtcOffset(before);
        while (after - before > TimeSpan.FromSeconds(1))
        {
            DateTimeOffset half = before + TimeSpan.FromSeconds(Math.Floor((after - before).TotalSeconds / 2));
            if (zone.GetUtcOffset(half) == oldOffset)
            {
                before = half;
            }
            else
            {
                after = half;
            }
        }

        return after;
    }
}
