namespace Net.Cli.Parsing;

/// <summary>How a command writes what it found.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,
}
