using Net.Contracts;
using Net.Engine.Firewall.Time;

namespace Net.Engine.Tests.Firewall;

public sealed class FirewallScheduleTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-11-25T17:59:59+01:00", false, "2026-11-25T18:00:00+01:00")]
    [InlineData("2026-11-25T18:00:00+01:00", true, "2026-11-26T06:00:00+01:00")]
    [InlineData("2026-11-26T05:59:59+01:00", true, "2026-11-26T06:00:00+01:00")]
    [InlineData("2026-11-26T06:00:00+01:00", false, "2026-11-26T18:00:00+01:00")]
    public void A_window_across_midnight_ends_on_the_next_day(string at, bool isInForce, string next) =>
        Check(Window("18:00", "06:00"), at, isInForce, next);

    [Theory]
    [InlineData("2026-11-27T23:30:00+01:00", true, "2026-11-28T02:00:00+01:00")]
    [InlineData("2026-11-28T01:00:00+01:00", true, "2026-11-28T02:00:00+01:00")]
    [InlineData("2026-11-28T23:30:00+01:00", false, "2026-12-04T22:00:00+01:00")]
    public void A_window_belongs_to_the_day_it_begins_on(string at, bool isInForce, string next) =>
        Check(Window("22:00", "02:00") with { Day = [DayOfWeek.Friday] }, at, isInForce, next);

    [Theory]
    [InlineData("2026-03-29T01:59:59+01:00", false, "2026-03-29T03:00:00+02:00")]
    [InlineData("2026-03-29T03:00:00+02:00", true, "2026-03-29T04:00:00+02:00")]
    public void A_begin_in_the_gap_of_spring_is_the_instant_of_the_change(string at, bool isInForce, string next) =>
        Check(Window("02:30", "04:00"), at, isInForce, next);

    [Theory]
    [InlineData("2026-03-29T01:30:00+01:00", true, "2026-03-29T03:00:00+02:00")]
    [InlineData("2026-03-29T03:00:00+02:00", false, "2026-03-30T01:00:00+02:00")]
    public void An_end_in_the_gap_of_spring_is_the_instant_of_the_change(string at, bool isInForce, string next) =>
        Check(Window("01:00", "02:30"), at, isInForce, next);

    [Fact]
    public void A_window_inside_the_gap_of_spring_does_not_exist() =>
        Check(Window("02:10", "02:50"), "2026-03-29T00:00:00+01:00", isInForce: false, "2026-03-30T02:10:00+02:00");

    [Theory]
    [InlineData("2026-10-25T01:30:00+02:00", true, "2026-10-25T02:30:00+01:00")]
    [InlineData("2026-10-25T02:45:00+02:00", true, "2026-10-25T02:30:00+01:00")]
    [InlineData("2026-10-25T02:29:59+01:00", true, "2026-10-25T02:30:00+01:00")]
    [InlineData("2026-10-25T02:30:00+01:00", false, "2026-10-26T01:00:00+01:00")]
    public void An_end_in_the_overlap_of_autumn_is_the_later_of_the_two(string at, bool isInForce, string next) =>
        Check(Window("01:00", "02:30"), at, isInForce, next);

    [Theory]
    [InlineData("2026-10-25T02:29:59+02:00", false, "2026-10-25T02:30:00+02:00")]
    [InlineData("2026-10-25T02:10:00+01:00", true, "2026-10-25T04:00:00+01:00")]
    public void A_begin_in_the_overlap_of_autumn_is_the_earlier_of_the_two(string at, bool isInForce, string next) =>
        Check(Window("02:30", "04:00"), at, isInForce, next);

    [Fact]
    public void Dates_limit_the_windows_that_begin_on_them()
    {
        FirewallSchedule schedule = Window("22:00", "02:00") with { FirstDate = new DateOnly(2026, 12, 24), LastDate = new DateOnly(2026, 12, 26) };
        Check(schedule, "2026-01-01T00:00:00+01:00", isInForce: false, "2026-12-24T22:00:00+01:00");
        Check(schedule, "2026-12-27T01:00:00+01:00", isInForce: true, "2026-12-27T02:00:00+01:00");
        Check(schedule, "2026-12-27T02:00:00+01:00", isInForce: false, null);
    }

    [Fact]
    public void A_schedule_that_limits_nothing_never_changes() => Check(new FirewallSchedule(), "2026-06-01T00:00:00+02:00", isInForce: true, null);

    [Fact]
    public void Neighbouring_days_make_one_window()
    {
        FirewallSchedule weekend = new() { Day = [DayOfWeek.Saturday, DayOfWeek.Sunday] };
        Check(weekend, "2026-11-28T12:00:00+01:00", isInForce: true, "2026-11-30T00:00:00+01:00");
        Check(new FirewallSchedule { LastDate = new DateOnly(2026, 11, 30) }, "2026-11-28T12:00:00+01:00", isInForce: true, "2026-12-01T00:00:00+01:00");
    }

    [Fact]
    public void A_day_that_was_skipped_has_no_window()
    {
        // Samoa crossed the date line: 30 December 2011 does not exist there.
        TimeZoneInfo apia = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        FirewallSchedule schedule = new() { FirstDate = new DateOnly(2011, 12, 30), LastDate = new DateOnly(2011, 12, 30), From = new TimeOnly(10, 0), Until = new TimeOnly(11, 0) };
        Assert.Equal((false, null), FirewallSchedules.At(schedule, apia, new DateTimeOffset(2011, 12, 28, 0, 0, 0, TimeSpan.Zero)));
    }

    // Away from clock changes the definition is that of a wall clock, so both must agree at every minute; and nothing may change before the instant that was foretold.
    [Fact]
    public void State_and_next_change_agree_with_a_wall_clock_minute_by_minute()
    {
        var random = new Random(20261126);
        for (int round = 0; round < 60; round++)
        {
            FirewallSchedule schedule = Window($"{random.Next(24):00}:{random.Next(60):00}", $"{random.Next(24):00}:{random.Next(60):00}") with
            {
                Day = [.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(2) == 0)],
            };
            var at = new DateTimeOffset(2026, 6, 1 + random.Next(20), 0, 0, 0, TimeSpan.FromHours(2));
            (bool isInForce, DateTimeOffset? next) = FirewallSchedules.At(schedule, s_berlin, at);
            for (int minute = 0; minute < 3 * 24 * 60; minute++, at = at.AddMinutes(1))
            {
                if (at >= next)
                {
                    Assert.Equal(next, at);
                    isInForce = !isInForce;
                    (bool now, next) = FirewallSchedules.At(schedule, s_berlin, at);
                    Assert.Equal(isInForce, now);
                }

                Assert.Equal(isInForce, IsInForceByClock(schedule, at.DateTime));
            }
        }
    }

    private static bool IsInForceByClock(FirewallSchedule schedule, DateTime clock)
    {
        TimeOnly time = TimeOnly.FromDateTime(clock);
        bool isOver = schedule.Until <= schedule.From;
        bool isToday = Has(clock.DayOfWeek) && time >= schedule.From && (isOver || time < schedule.Until);
        bool isYesterdays = isOver && Has(clock.AddDays(-1).DayOfWeek) && time < schedule.Until;
        return isToday || isYesterdays;

        bool Has(DayOfWeek day) => schedule.Day.Length == 0 || schedule.Day.Contains(day);
    }

    private static FirewallSchedule Window(string from, string until) => new()
    {
        From = TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
        Until = TimeOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static void Check(FirewallSchedule schedule, string at, bool isInForce, string? next)
    {
        (bool now, DateTimeOffset? change) = FirewallSchedules.At(schedule, s_berlin, Time(at));
        Assert.Equal((isInForce, next is null ? null : Time(next)), (now, change));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
