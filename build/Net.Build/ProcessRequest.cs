namespace Net.Build;

/// <summary>A program to run to its end.</summary>
internal sealed class ProcessRequest(string program, IEnumerable<string> arguments)
{
    public string Program { get; } = program;

    public IReadOnlyList<string> Arguments { get; } = [.. arguments];

    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>After this the program and everything it started is killed.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The program talks to the terminal itself; nothing is captured.</summary>
    public bool Attached { get; init; }
}
