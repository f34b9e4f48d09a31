namespace Net.Cli.Hosting;

/// <summary>Files a command writes: whole or not at all, and never over another without being told.</summary>
internal static class OutputFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Refuses a file that exists, before any work is done for it.</summary>
    public static void RequireFree(string path, bool force)
    {
        if (!force && path != InputFile.StandardStream && File.Exists(path))
        {
            throw new CliException(ExitCodes.Failed, "FileExists", $"The file '{path}' exists already.", "Choose another name, or use --force.");
        }
    }

    /// <summary>Writes beside the file first and then takes its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What to write.</param>
    /// <param name="force">Whether a file that exists is replaced.</param>
    /// <param name="secret">Whether only its owner may read it.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, bool force, bool secret, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = secret ? OwnerOnly : Readable;
        }

        try
        {
            await using (var stream = new FileStream(temporary, options))
            {
                await stream.WriteAsync(content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: force);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
