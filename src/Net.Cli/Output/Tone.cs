namespace Net.Cli.Output;

/// <summary>What a cell says about the state of things; colours follow from it.</summary>
internal enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Bad,
}
