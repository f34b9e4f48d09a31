using Net.Platform.Linux;

namespace Net.Engine.State;

/// <summary>Writes files so that after a crash either the old or the new content is there, whole.</summary>
internal static class AtomicFile
{
    /// <summary>The ending of files that are not finished; they are removed at the next start.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Replaces a file: write beside it, fsync, rename over it, fsync the folder.</summary>
    /// <param name="path">The file. It gets mode 0600.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="IOException">The disk is full or faulty; the old file stands.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using (Unfinished file = Begin(path, content))
        {
            file.Finish();
        }

        Flush(path);
    }

    /// <summary>Does the first half of <see cref="Write"/>: writes beside the file and waits for the disk.</summary>
    /// <exception cref="IOException">The disk is full or faulty; the old file stands.</exception>
    public static Unfinished Begin(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            using FileStream stream = Create(temporary);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }

        return new Unfinished(path);
    }

    /// <summary>Makes sure that what was renamed or removed beside a file stays so.</summary>
    public static void Flush(string path) => FlushFolder(path);

    /// <summary>Removes a file and makes the removal last.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        FlushFolder(path);
    }

    /// <summary>Removes what unfinished writes left in a folder.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + TemporarySuffix))
        {
            DeleteQuietly(path);
        }
    }

    // A rename or removal lasts only once its folder is on disk; Windows keeps that in its journal by itself.
    private static void FlushFolder(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            UnixFiles.FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The next start removes it.
        }
    }

    /// <summary>A file that is written and not yet in its place; disposed without being finished, it goes.</summary>
    /// <param name="path">Its place.</param>
    public readonly struct Unfinished(string path) : IDisposable
    {
        /// <summary>Puts it over the old one.</summary>
        public void Finish() => File.Move(path + TemporarySuffix, path, overwrite: true);

        /// <inheritdoc />
        public void Dispose() => DeleteQuietly(path + TemporarySuffix);
    }
}
