using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>Reads and writes files of configurations, with what goes wrong in the catalogue's words.</summary>
internal static class ConfigurationFile
{
    /// <summary>The format a file's name asks for.</summary>
    public static ConfigurationFormat FormatOf(string file) =>
        System.IO.Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML" ? ConfigurationFormat.Yaml : ConfigurationFormat.Json;

    /// <summary>Refuses a file that exists before the engine does any work for it.</summary>
    public static void CheckTarget(string file, bool overwrite)
    {
        if (!overwrite && File.Exists(file))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The file '{file}' exists; -Force overwrites it.", file);
        }
    }

    /// <summary>Writes a file only its owner can read: a configuration tells an attacker where to look. It is either written whole or left as it was.</summary>
    public static Task WriteAsync(string file, byte[] content, bool overwrite, CancellationToken cancellationToken) => GuardAsync(
        file,
        async () =>
        {
            string draft = $"{file}.{Guid.NewGuid():N}.tmp";
            try
            {
                await WriteDraftAsync(draft, content, cancellationToken).ConfigureAwait(false);
                File.Move(draft, file, overwrite);
                return true;
            }
            finally
            {
                File.Delete(draft);
            }
        });

    /// <summary>Reads a text.</summary>
    public static Task<string> ReadTextAsync(string file, CancellationToken cancellationToken) =>
        GuardAsync(file, () => File.ReadAllTextAsync(file, cancellationToken));

    /// <summary>Reads an archive.</summary>
    public static Task<byte[]> ReadBytesAsync(string file, CancellationToken cancellationToken) =>
        GuardAsync(file, () => File.ReadAllBytesAsync(file, cancellationToken));

    private static async Task WriteDraftAsync(string draft, byte[] content, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(draft, options);
        await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        stream.Flush(flushToDisk: true);
    }

    private static async Task<T> GuardAsync<T>(string file, Func<Task<T>> use)
    {
        try
        {
            return await use().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, exception.Message, file, exception);
        }
    }
}
