using System.Globalization;
using System.Text;

namespace Net.Contracts;

/// <summary>When a rule is in force: on some days, between two times of the day, between two dates, in a time zone. What is not set does not limit.</summary>
public sealed record FirewallSchedule
{
    /// <summary>Days of the week on which a window begins; empty for every day.</summary>
    public DayOfWeek[] Day { get; set; } = [];

    /// <summary>When the window of a day begins; null for midnight.</summary>
    public TimeOnly? From { get; set; }

    /// <summary>When it ends, not included; not after <see cref="From"/> is the next day's. Null for midnight.</summary>
    public TimeOnly? Until { get; set; }

    /// <summary>The first date, or null.</summary>
    public DateOnly? FirstDate { get; set; }

    /// <summary>The last date a window may begin on, or null.</summary>
    public DateOnly? LastDate { get; set; }

    /// <summary>The time zone by its IANA name (Europe/Berlin); null for the host's own.</summary>
    public string? TimeZone { get; set; }

    /// <summary>When it is in force, such as <c>Mon,Tue 08:00-17:00 from 2026-01-01 in Europe/Berlin</c>; seconds are left out where they are zero.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Day.Length == 0 ? "every day" : string.Join(',', Day.Select(static day => day.ToString()[..3])));
        if (From is not null || Until is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Text(From)}-{Text(Until)}");
        }

        Append("from", FirstDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Append("to", LastDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Append("in", TimeZone);
        return text.ToString();

        void Append(string word, string? value)
        {
            if (value is not null)
            {
                text.Append(' ').Append(word).Append(' ').Append(value);
            }
        }
    }

    private static string Text(TimeOnly? time) => (time ?? default).ToString((time ?? default).Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
}
