using System.Net;
using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class TextTests
{
    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5", 5_000)]
    [InlineData("00:02:00", 120_000)]
    [InlineData(" 1d ", 86_400_000)]
    public void Durations_are_read_as_people_write_them(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2 weeks")]
    [InlineData("m")]
    [InlineData("2x")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999999d")]
    [InlineData("-5s")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Lists_take_numbers_texts_arrays_and_commas()
    {
        Assert.Equal([new PortRange(443)], ListText.Read<PortRange>(443));
        Assert.Equal([new PortRange(80), new PortRange(8000, 8010)], ListText.Read<PortRange>("80, 8000-8010"));
        Assert.Equal([new PortRange(1), new PortRange(2), new PortRange(3)], ListText.Read<PortRange>(new object[] { 1, "2", new PortRange(3) }));
        Assert.Equal([AddressRange.Parse("192.0.2.1")], ListText.Read<AddressRange>(IPAddress.Parse("192.0.2.1")));
    }

    [Theory]
    [InlineData("Any")]
    [InlineData("any")]
    [InlineData("")]
    [InlineData(null)]
    public void Any_and_nothing_are_the_empty_list(string? text) => Assert.Empty(ListText.Read<PortRange>(text));

    [Fact]
    public void A_part_of_a_list_that_is_not_readable_is_named()
    {
        FormatException failure = Assert.Throws<FormatException>(() => ListText.Read<PortRange>("80,http"));

        Assert.Contains("'http'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_one_line_for_each_change()
    {
        var plan = new ConfigurationPlan(1, [new("firewall", ConfigurationChangeKind.Added, "rule web", null, "allow inbound")], []);

        Assert.Equal(["+ firewall: rule web: allow inbound"], PlanText.Lines(plan));
        Assert.Equal(["Nothing would change."], PlanText.Lines(plan with { Changes = [] }));
    }

    [Fact]
    public void Only_a_change_in_force_that_waits_for_its_confirmation_is_warned_of()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ChangeOutcome outcome = Sample.Outcome();

        Assert.Null(PlanText.PendingWarning(outcome, now));
        Assert.Null(PlanText.PendingWarning(outcome with { Applied = false, ConfirmBy = now.AddSeconds(90) }, now));
        Assert.Contains("90 s", PlanText.PendingWarning(outcome with { ConfirmBy = now.AddSeconds(90) }, now), StringComparison.Ordinal);
    }
}
