namespace Net.Build.Testing;

/// <summary>What came out of one group of tests.</summary>
internal sealed class TestOutcome(string group)
{
    public string Group { get; } = group;

    public int Passed { get; set; }

    /// <summary>Name and reason of each skipped test.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Name and message of each failure.</summary>
    public List<string> Failed { get; } = [];

    public TimeSpan Elapsed { get; set; }
}
