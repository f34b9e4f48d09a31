namespace Net.Maml;

/// <summary>What the command line asks for.</summary>
/// <param name="Refresh">Whether to write the pages anew instead of the help.</param>
/// <param name="Assembly">The compiled cmdlets.</param>
/// <param name="Help">The folder of the pages.</param>
/// <param name="Output">The folder of the finished help.</param>
internal sealed record Options(bool Refresh, string Assembly, string Help, string Output)
{
    /// <summary>Reads the command line.</summary>
    /// <exception cref="HelpException">It is not usable.</exception>
    public static Options Parse(string[] args)
    {
        const string Usage = "usage: Net.Maml write|refresh --assembly FILE --help FOLDER [--output FOLDER]";
        string mode = args.FirstOrDefault() ?? string.Empty;
        string? assembly = ValueOf(args, "--assembly");
        string? help = ValueOf(args, "--help");
        string? output = ValueOf(args, "--output");
        if (mode is not ("write" or "refresh") || assembly is null || help is null || (mode == "write" && output is null))
        {
            throw new HelpException([Usage]);
        }

        return new Options(mode == "refresh", assembly, help, output ?? string.Empty);
    }

    private static string? ValueOf(string[] args, string name)
    {
        int index = Array.IndexOf(args, name);
        return index > 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}
