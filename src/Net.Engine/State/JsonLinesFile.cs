using System.Globalization;

namespace Net.Engine.State;

/// <summary>Lines of JSON in a file with mode 0600, in a folder that only the engine may read. Files are rotated by size: NAME.jsonl is written, NAME.1.jsonl is the one before it, and so on.
/// One thread at a time may use it.</summary>
/// <param name="folder">The folder; it is made with the first lines.</param>
/// <param name="name">The name without ending.</param>
internal sealed class JsonLinesFile(string folder, string name) : IDisposable
{
    private FileStream? _stream;

    /// <summary>Appends whole lines.</summary>
    /// <param name="lines">The lines, each with its end.</param>
    /// <param name="maxFileBytes">Size beyond which a new file is begun.</param>
    /// <param name="maxFiles">Earlier files that are kept.</param>
    /// <param name="toDisk">Whether the lines must outlast a crash of the host as well (fsync).</param>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    public void Append(ReadOnlySpan<byte> lines, long maxFileBytes, int maxFiles, bool toDisk)
    {
        FileStream stream = Open();
        if (stream.Length > 0 && stream.Length + lines.Length > maxFileBytes)
        {
            Rotate(maxFiles);
            stream = Open();
        }

        stream.Write(lines);
        stream.Flush(toDisk);
    }

    /// <summary>Where a file is.</summary>
    /// <param name="number">0 for the one that is written, 1 for the one before it.</param>
    public string PathOf(int number) => Path.Combine(folder, number == 0 ? $"{name}.jsonl" : string.Create(CultureInfo.InvariantCulture, $"{name}.{number}.jsonl"));

    /// <summary>Closes the file. It is opened again by the next lines.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private static bool EndsWithinLine(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream stream = File.OpenRead(path);
        if (stream.Length == 0)
        {
            return false;
        }

        stream.Position = stream.Length - 1;
        return stream.ReadByte() != '\n';
    }

    private FileStream Open()
    {
        if (_stream is not null)
        {
            return _stream;
        }

        PrivateFolder.Ensure(folder);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // A crash may have cut the last line off; what follows begins on a line of its own.
        bool endsWithin = EndsWithinLine(PathOf(0));
        _stream = new FileStream(PathOf(0), options);
        if (endsWithin)
        {
            _stream.WriteByte((byte)'\n');
        }

        return _stream;
    }

    private void Rotate(int kept)
    {
        Dispose();
        for (int number = kept; File.Exists(PathOf(number)); number++)
        {
            File.Delete(PathOf(number));
        }

        for (int number = kept - 1; number >= 0; number--)
        {
            if (File.Exists(PathOf(number)))
            {
                File.Move(PathOf(number), PathOf(number + 1), overwrite: true);
            }
        }
    }
}
