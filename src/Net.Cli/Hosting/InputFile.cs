namespace Net.Cli.Hosting;

/// <summary>Files a command reads.</summary>
internal static class InputFile
{
    /// <summary>The name that stands for standard input or output.</summary>
    public const string StandardStream = "-";

    /// <summary>Reads a text file, or standard input.</summary>
    public static async Task<string> ReadAsync(CliCall call, string path)
    {
        if (path == StandardStream)
        {
            return await call.Console.In.ReadToEndAsync(call.Token);
        }

        RequireFile(path);
        return await File.ReadAllTextAsync(path, call.Token);
    }

    /// <summary>Reads a file's bytes.</summary>
    public static async Task<byte[]> ReadBytesAsync(CliCall call, string path)
    {
        RequireFile(path);
        return await File.ReadAllBytesAsync(path, call.Token);
    }

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new CliException(ExitCodes.Failed, "FileNotFound", $"There is no file '{path}'.", "Check the path.");
        }
    }
}
