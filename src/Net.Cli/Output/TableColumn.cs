namespace Net.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">The header, with the unit of numbers.</param>
/// <param name="Value">The cell of a row; null is written as a dash.</param>
internal sealed record TableColumn<T>(string Header, Func<T, string?> Value)
{
    /// <summary>Whether the cells stand at the right edge, as numbers do.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether the column gives up width first when the terminal is narrow.</summary>
    public bool IsFlexible { get; init; }

    /// <summary>What a cell says about the state of things.</summary>
    public Func<T, Tone>? Tone { get; init; }
}
