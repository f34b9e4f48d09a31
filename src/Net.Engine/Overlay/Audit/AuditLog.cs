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
    private readonly JsonLinesFile _file = new(folder, overlay.ToLowerInvariant());

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
            _file.Append(batch.GetBuffer().AsSpan(0, (int)batch.Length), settings.MaxFileBytes, settings.MaxFiles, toDisk: true);
        }
    }

    /// <summary>The newest records, newest last.</summary>
    public OverlayAuditRecord[] Newest(int count, bool deniedOnly)
    {
        List<OverlayAuditRecord> found = [];
        lock (_gate)
        {
            for (int number = 0; found.Count < count && File.Exists(_file.PathOf(number)); number++)
            {
                ReadBackwards(_file.PathOf(number), count, deniedOnly, found);
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
            _file.Dispose();
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
}
