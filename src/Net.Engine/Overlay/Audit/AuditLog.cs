using System.Text.Json;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Overlay.Audit;

/// <summary>The audit log of one overlay: lines of JSON in a file with mode 0600. A batch counts as taken when it is on disk (one fsync per batch), so that nothing is
/// lost by a crash that was acknowledged. Files are rotated by size: NAME.jsonl is written, NAME.1.jsonl the one before it, and so on.</summary>
internal sealed class AuditLog(string folder, string overlay) : IDisposable
{
    private const int ReadBlockBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private FileStream? _stream;

    /// <summary>Appends a batch and makes it last.</summary>
    /// <param name="records">The records.</param>
    /// <param name="settings">When to rotate.</param>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    public void Append(IReadOnlyList<OverlayAuditRecord> records, OverlayAudit settings)
    {
        if (records.Count == 0)
        {
            return;
        }

        using var batch = new MemoryStream();
        foreach (OverlayAuditRecord record in records)
        {
            JsonSerializer.Serialize(batch, record, AuditJsonContext.Default.OverlayAuditRecord);
            batch.WriteByte((byte)'\n');
        }

        lock (_gate)
        {
            FileStream stream = Open();
            if (stream.Length > 0 && stream.Length + batch.Length > settings.MaxFileBytes)
            {
                Rotate(settings.MaxFiles);
                stream = Open();
            }

            stream.Write(batch.GetBuffer(), 0, (int)batch.Length);
            stream.Flush(flushToDisk: true);
        }
    }

    /// <summary>The newest records, newest last.</summary>
    public OverlayAuditRecord[] Newest(int count, bool deniedOnly)
    {
        List<OverlayAuditRecord> found = [];
        lock (_gate)
        {
            for (int number = 0; found.Count < count && File.Exists(PathOf(number)); number++)
            {
                ReadBackwards(PathOf(number), count, deniedOnly, found);
            }
        }

        found.Reverse();
        return [.. found];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    private static void ReadBackwards(string path, int count, bool deniedOnly, List<OverlayAuditRecord> found)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] block = new byte[ReadBlockBytes];
        byte[] tail = [];
        long position = stream.Length;
        while (position > 0 && found.Count < count)
        {
            int size = (int)Math.Min(ReadBlockBytes, position);
            position -= size;
            stream.Position = position;
            stream.ReadExactly(block, 0, size);
            byte[] text = [.. block.AsSpan(0, size), .. tail];
            int end = text.Length;
            while (found.Count < count)
            {
                int start = text.AsSpan(0, Math.Max(0, end - 1)).LastIndexOf((byte)'\n') + 1;
                if (start == 0 && position > 0)
                {
                    break;
                }

                Take(text.AsSpan(start, end - start), deniedOnly, found);
                end = start;
                if (start == 0)
                {
                    break;
                }
            }

            tail = text[..end];
        }
    }

    private static void Take(ReadOnlySpan<byte> line, bool deniedOnly, List<OverlayAuditRecord> found)
    {
        line = line.TrimEnd((byte)'\n');
        try
        {
            if (line.Length > 0 && JsonSerializer.Deserialize(line, AuditJsonContext.Default.OverlayAuditRecord) is { } record
                && (!deniedOnly || record.Action == OverlayAction.Deny))
            {
                found.Add(record);
            }
        }
        catch (JsonException)
        {
            // Half a line, left by a crash before its batch counted as taken.
        }
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

    private void Rotate(int kept)
    {
        _stream?.Dispose();
        _stream = null;
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

    private string PathOf(int number) => Path.Combine(
        folder, number == 0 ? $"{overlay.ToLowerInvariant()}.jsonl" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{overlay.ToLowerInvariant()}.{number}.jsonl"));
}
