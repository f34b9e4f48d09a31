using System.Buffers;
using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Configuration;

namespace Net.Engine.State;

/// <summary>
/// The generations on disk: <c>generations/N.json</c>, and <c>current.json</c> that says which one is in force. A generation counts only once
/// current.json names it. A small change of a large document is written as the difference to the generation before it, and whole as soon as there
/// is time (<see cref="Consolidate"/>): at rest every generation stands by itself. What a kill or a power cut leaves at any moment is one form or the
/// other or both of the same document, each of them written beside and renamed.
/// </summary>
internal sealed class GenerationStore
{
    private const int InitialBytes = 4096;

    // The document's hash as files have it that say so; those of earlier releases have one over its bytes.
    private const int PartsFormat = 2;

    // Below this the whole document is written as fast as its difference.
    private const int SmallDocumentBytes = 64 << 10;

    // A difference longer than this part of the document is not worth being one.
    private const int PatchShare = 4;

    // Reading the last of a chain reads them all. From the first limit on the last one is written whole without waiting for rest, at the second at once.
    private const int BusyDepth = 8;
    private const int MaxDepth = 32;

    private readonly GenerationFolder _folder;
    private readonly string _currentPath;
    private readonly Lock _gate = new();
    private int _documentBytes = InitialBytes;
    private volatile Latest? _latest;

    /// <summary>Opens the store in a state folder, which it makes if needed, readable by nobody else.</summary>
    public GenerationStore(string stateFolder)
    {
        string folder = Path.Combine(stateFolder, "generations");
        _folder = new GenerationFolder(folder);
        _currentPath = Path.Combine(stateFolder, "current.json");
        PrivateFolder.Ensure(stateFolder);
        PrivateFolder.Ensure(folder);
        AtomicFile.RemoveUnfinished(stateFolder);
        AtomicFile.RemoveUnfinished(folder);
    }

    /// <summary>Whether the generation written last should be written whole, at the next quiet moment or without waiting for one.</summary>
    public (bool IsWanted, bool IsUrgent) Consolidation
    {
        get
        {
            lock (_gate)
            {
                return (_latest?.Depth > 0, _latest?.Depth >= BusyDepth);
            }
        }
    }

    /// <summary>Which generation is in force, or null when there is none yet.</summary>
    /// <exception cref="StateDamagedException">The file is there but unreadable.</exception>
    public CurrentFile? ReadCurrent()
    {
        if (!File.Exists(_currentPath))
        {
            return null;
        }

        CurrentFile current;
        try
        {
            current = JsonSerializer.Deserialize(File.ReadAllBytes(_currentPath), StateJsonContext.Default.CurrentFile)
                ?? throw new StateDamagedException("current.json is empty");
        }
        catch (JsonException exception)
        {
            throw new StateDamagedException("current.json is not readable", exception);
        }

        return current.Check == CheckOf(current) ? current : throw new StateDamagedException("current.json does not have the checksum it was written with");
    }

    /// <summary>Makes a generation the one in force. This is the moment a transaction becomes final.</summary>
    public void WriteCurrent(CurrentFile current) =>
        AtomicFile.Write(_currentPath, JsonSerializer.SerializeToUtf8Bytes(current with { Check = CheckOf(current) }, StateJsonContext.Default.CurrentFile));

    /// <summary>Writes a generation, not yet in force.</summary>
    public GenerationFile Write(long generation, NetConfiguration document, DateTimeOffset createdAt, string author, string? comment, string[] summary)
    {
        var file = new GenerationFile(generation, createdAt, author, comment, summary, string.Empty, default);
        Latest? latest = _latest;
        if (latest is not null && latest.Depth < MaxDepth && _documentBytes >= SmallDocumentBytes && latest.File.Generation < generation
            && TryWritePatch(latest, file, document) is { } patched)
        {
            return patched;
        }

        ReadOnlySpan<byte> bytes = ComposeWhole(ref file, document, out DocumentImage image);
        AtomicFile.Write(_folder.WholePathOf(generation), bytes);
        lock (_gate)
        {
            _latest = new Latest(file, image, Depth: 0, Base: 0);
        }

        return file;
    }

    /// <summary>Writes the generation written last whole where it is a difference so far. May run while other generations are written and read.</summary>
    public void Consolidate()
    {
        Latest? latest = _latest;
        if (latest is not { Depth: > 0 })
        {
            return;
        }

        GenerationFile file = latest.File;
        string whole = _folder.WholePathOf(file.Generation);
        string patch = _folder.PatchPathOf(file.Generation, latest.Base);
        using (AtomicFile.Unfinished unfinished = AtomicFile.Begin(whole, ComposeWhole(ref file, latest.Image.Document, out _)))
        {
            lock (_gate)
            {
                if (!File.Exists(patch))
                {
                    // It was taken back meanwhile.
                    return;
                }

                unfinished.Finish();
                if (ReferenceEquals(_latest, latest))
                {
                    _latest = latest with { Depth = 0, Base = 0 };
                }
                else if (_latest is { Depth: > 0 } next && next.Depth > latest.Depth)
                {
                    _latest = next with { Depth = next.Depth - latest.Depth };
                }
            }
        }

        AtomicFile.Flush(whole);
        File.Delete(patch);
    }

    /// <summary>Reads a generation and checks its hash.</summary>
    /// <exception cref="StateDamagedException">It is missing, truncated or changed, or one it is a difference to is.</exception>
    /// <exception cref="FutureSchemaException">It was written by a newer release.</exception>
    public StoredGeneration Read(long generation)
    {
        GenerationFile file = ReadDocument(generation, depth: 0);
        if (file.Document.ValueKind != JsonValueKind.Object || file.Hash != HashOf(file))
        {
            throw new StateDamagedException($"generation {generation} does not have the hash it was written with");
        }

        NetConfiguration document = DocumentReader.FromElement(file.Document);
        return new StoredGeneration(file with { Document = default }, document);
    }

    /// <summary>What is known of a kept generation without its document; null when it is damaged.</summary>
    public GenerationFile? TryReadInfo(long generation)
    {
        try
        {
            return _folder.BaseOf(generation) is { } number && TryReadPatch(generation, number) is { } patch
                ? patch.Info
                : ReadWhole(generation) with { Document = default };
        }
        catch (StateDamagedException)
        {
            return null;
        }
    }

    /// <summary>The numbers of all generations on disk, ascending.</summary>
    public long[] List() => _folder.List();

    /// <summary>The highest number a generation ever had, damaged ones included: numbers are not given twice.</summary>
    public long Highest() => _folder.Highest();

    /// <summary>Removes a generation, and makes the removal last.</summary>
    public void Delete(long generation)
    {
        lock (_gate)
        {
            if (_latest?.File.Generation == generation)
            {
                _latest = null;
            }

            foreach (string path in _folder.FilesOf(generation))
            {
                AtomicFile.Delete(path);
            }
        }
    }

    /// <summary>Removes generations that are not wanted any more, but none that one that stays is a difference to. What a power cut brings back is removed
    /// the next time.</summary>
    public void Prune(IEnumerable<long> generations)
    {
        lock (_gate)
        {
            // Newest first, so that what only others that go stand on goes as well.
            Dictionary<long, int> dependents = _folder.Dependents();
            foreach (long generation in generations.OrderDescending())
            {
                if (dependents.GetValueOrDefault(generation) > 0)
                {
                    continue;
                }

                if (_folder.BaseOf(generation) is { } number)
                {
                    dependents[number]--;
                }

                foreach (string path in _folder.FilesOf(generation))
                {
                    File.Delete(path);
                }
            }
        }
    }

    /// <summary>Keeps the files of a generation that cannot be used, under names they are not found by, for whoever wants to look.</summary>
    public void SetAside(long generation) => _folder.SetAside(generation);

    /// <summary>Removes what was set aside of generations before <paramref name="generation"/>.</summary>
    public void DeleteDamagedBefore(long generation) => _folder.DeleteDamagedBefore(generation);

    private static string CheckOf(CurrentFile current) =>
        HashOf(JsonSerializer.SerializeToUtf8Bytes(current with { Check = null }, StateJsonContext.Default.CurrentFile));

    private static string HashOf(GenerationFile file) => file.Format == PartsFormat
        ? DocumentHash.Of(file.Document)
        : HashOf(JsonSerializer.SerializeToUtf8Bytes(file.Document, ContractsJsonContext.Wire.JsonElement));

    private static string HashOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[DocumentHash.Bytes];
        DocumentHash.Compute(content, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static void WriteInfo(Utf8JsonWriter writer, GenerationFile file)
    {
        writer.WriteNumber("generation"u8, file.Generation);
        writer.WriteString("createdAt"u8, file.CreatedAt);
        writer.WriteString("author"u8, file.Author);
        if (file.Comment is not null)
        {
            writer.WriteString("comment"u8, file.Comment);
        }

        writer.WriteStartArray("summary"u8);
        foreach (string line in file.Summary)
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
    }

    // Into plain arrays: those the serializer rents would be as large as the document, and stay with the process in a pool for minutes.
    private ReadOnlySpan<byte> ComposeWhole(ref GenerationFile file, NetConfiguration document, out DocumentImage image)
    {
        var buffer = new ArrayBufferWriter<byte>(_documentBytes);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteInfo(writer, file);
            writer.WriteNumber("format"u8, PartsFormat);
            writer.WritePropertyName("document"u8);
            image = DocumentImage.Write(writer, document);
            file = file with { Hash = image.Hash, Format = PartsFormat };
            writer.WriteString("hash"u8, file.Hash);
            writer.WriteEndObject();
        }

        _documentBytes = Math.Max(InitialBytes, buffer.WrittenCount + (buffer.WrittenCount / 8));
        return buffer.WrittenSpan;
    }

    private GenerationFile? TryWritePatch(Latest latest, GenerationFile file, NetConfiguration document)
    {
        var change = new ArrayBufferWriter<byte>(InitialBytes);
        DocumentImage? image;
        using (var writer = new Utf8JsonWriter(change))
        {
            image = latest.Image.WriteChange(writer, document, _documentBytes / PatchShare);
        }

        if (image is null || change.WrittenCount > _documentBytes / PatchShare)
        {
            return null;
        }

        file = file with { Hash = image.Hash, Format = PartsFormat };
        var buffer = new ArrayBufferWriter<byte>(change.WrittenCount + InitialBytes);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteInfo(writer, file);
            writer.WriteString("hash"u8, file.Hash);
            writer.WriteNumber("base"u8, latest.File.Generation);
            writer.WriteString("baseHash"u8, latest.File.Hash);
            writer.WritePropertyName("change"u8);
            writer.WriteRawValue(change.WrittenSpan, skipInputValidation: true);
            writer.WriteEndObject();
        }

        AtomicFile.Write(_folder.PatchPathOf(file.Generation, latest.File.Generation), buffer.WrittenSpan);
        lock (_gate)
        {
            // The one before may have been written whole meanwhile.
            int depth = _latest?.File.Generation == latest.File.Generation ? _latest.Depth : latest.Depth;
            _latest = new Latest(file, image, depth + 1, latest.File.Generation);
        }

        return file;
    }

    // Intermediate documents are not checked by themselves: the hash of the last covers all of it.
    private GenerationFile ReadDocument(long generation, int depth)
    {
        if (_folder.BaseOf(generation) is not { } number || TryReadPatch(generation, number) is not { } patch)
        {
            GenerationFile whole = ReadWhole(generation);
            return whole.Generation == generation ? whole : throw new StateDamagedException($"the file of generation {generation} says it is generation {whole.Generation}");
        }

        if (patch.Generation != generation || patch.Base != number || depth > 2 * MaxDepth)
        {
            throw new StateDamagedException($"the file of generation {generation} says it is generation {patch.Generation} on {patch.Base}");
        }

        GenerationFile before = ReadDocument(number, depth + 1);
        return before.Hash == patch.BaseHash
            ? patch.Info with { Document = DocumentPatch.Apply(before.Document, patch.Change), Format = PartsFormat }
            : throw new StateDamagedException($"generation {generation} is a change of another generation {number} than the one that is there");
    }

    // Null when it is not there any more: then it was written whole just now.
    private GenerationPatch? TryReadPatch(long generation, long number)
    {
        try
        {
            using FileStream stream = File.OpenRead(_folder.PatchPathOf(generation, number));
            return JsonSerializer.Deserialize(stream, StateJsonContext.Default.GenerationPatch)
                ?? throw new StateDamagedException($"generation {generation} is empty");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StateDamagedException($"generation {generation} is not readable: {exception.Message}", exception);
        }
    }

    private GenerationFile ReadWhole(long generation)
    {
        try
        {
            using FileStream stream = File.OpenRead(_folder.WholePathOf(generation));
            return JsonSerializer.Deserialize(stream, StateJsonContext.Default.GenerationFile)
                ?? throw new StateDamagedException($"generation {generation} is empty");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StateDamagedException($"generation {generation} is not readable: {exception.Message}", exception);
        }
    }

    // What was written last, with how many differences lie between it and a whole one.
    private sealed record Latest(GenerationFile File, DocumentImage Image, int Depth, long Base);
}
