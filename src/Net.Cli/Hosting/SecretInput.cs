namespace Net.Cli.Hosting;

/// <summary>Reads values nobody else may see: from a terminal without showing them, from standard input, or from a file.
/// Never from the command line, which every user of the host can list.</summary>
internal static class SecretInput
{
    /// <summary>Reads a value.</summary>
    /// <param name="call">The call.</param>
    /// <param name="what">What it is, for the prompt.</param>
    /// <param name="twice">Whether a person has to type it twice.</param>
    /// <param name="file">A file to read it from, or null.</param>
    public static async Task<string> ReadAsync(CliCall call, string what, bool twice, string? file = null)
    {
        if (file is not null)
        {
            return WithoutLineEnd(await InputFile.ReadAsync(call, file));
        }

        if (!call.Console.InIsTerminal)
        {
            return WithoutLineEnd(await call.Console.In.ReadToEndAsync(call.Token));
        }

        string value = call.Console.ReadSecret($"{what}: ") ?? throw Missing(what);
        if (twice && call.Console.ReadSecret($"{what} again: ") != value)
        {
            throw new CliException(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, "The two entries differ.", "Try again.");
        }

        return value.Length > 0 ? value : throw Missing(what);
    }

    private static CliException Missing(string what) => new(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, $"No {what.ToLowerInvariant()} was given.");

    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
