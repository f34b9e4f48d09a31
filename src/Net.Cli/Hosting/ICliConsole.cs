namespace Net.Cli.Hosting;

/// <summary>Where a command reads and writes.</summary>
internal interface ICliConsole
{
    /// <summary>Standard output.</summary>
    TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    TextReader In { get; }

    /// <summary>Whether standard input is a terminal.</summary>
    bool InIsTerminal { get; }

    /// <summary>Whether standard output is a terminal.</summary>
    bool OutIsTerminal { get; }

    /// <summary>Whether standard error is a terminal.</summary>
    bool ErrorIsTerminal { get; }

    /// <summary>Columns of the terminal; null when standard output is none, so that nothing is cut.</summary>
    int? Width { get; }

    /// <summary>Lines of the terminal; 24 when it does not say.</summary>
    int Height { get; }

    /// <summary>Whether colour codes may be written to standard output.</summary>
    bool UseColor { get; }

    /// <summary>Asks for a line on the terminal without showing what is typed; null at the end of input.</summary>
    string? ReadSecret(string prompt);
}
