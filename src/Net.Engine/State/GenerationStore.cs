using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Configuration;
using Net.Packets;

namespace Net.Engine.State;

/// <summary>The generations on disk: <c>generations/N.json</c>, and <c>current.json</c> that says which one is in force.
/// A generation counts only once current.json names it.</summary>
internal sealed class GenerationStore
{
    private const string DamagedSuffix = ".damaged";

    private const int InitialBytes = 4096;

    private readonly string _folder;
    private int _documentBytes = InitialBytes;
    private readonly string _currentPath;

    /// <summary>Opens the store in a state folder, which it makes if needed, readable by nobody else.</summary>
    public GenerationStore(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "generations");
        _currentPath = Path.Combine(stateFolder, "current.json");
        PrivateFolder.Ensure(stateFolder);
        PrivateFolder.Ensure(_folder);
        AtomicFile.RemoveUnfinished(stateFolder);
        AtomicFile.RemoveUnfinished(_folder);
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
        ReadOnlySpan<byte> bytes = Serialize(document);
        var file = new GenerationFile(generation, createdAt, author, comment, summary, HashOf(bytes), default);
        AtomicFile.Write(PathOf(generation), Compose(file, bytes));
        return file;
    }

    /// <summary>Reads a generation and checks its hash.</summary>
    /// <exception cref="StateDamagedException">It is missing, truncated or changed.</exception>
    /// <exception cref="FutureSchemaException">It was written by a newer release.</exception>
    public StoredGeneration Read(long generation)
    {
        GenerationFile file = ReadFile(generation);
        if (file.Generation != generation)
        {
            throw new StateDamagedException($"the file of generation {generation} says it is generation {file.Generation}");
        }

        if (file.Document.ValueKind != JsonValueKind.Object || file.Hash != HashOf(file.Document))
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
            return ReadFile(generation) with { Document = default };
        }
        catch (StateDamagedException)
        {
            return null;
        }
    }

    /// <summary>The numbers of all generations on disk, ascending.</summary>
    public long[] List() =>
    [
        .. Directory.EnumerateFiles(_folder, "*.json")
            .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1)
            .Where(number => number >= 0)
            .Order(),
    ];

    /// <summary>The highest number a generation ever had, damaged ones included: numbers are not given twice.</summary>
    public long Highest() => Directory.EnumerateFiles(_folder)
        .Select(path => long.TryParse(Path.GetFileName(path).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Removes a generation.</summary>
    public void Delete(long generation) => AtomicFile.Delete(PathOf(generation));

    /// <summary>Keeps the file of a generation that cannot be used, under a name it is not found by, for whoever wants to look.</summary>
    public void SetAside(long generation) => File.Move(PathOf(generation), PathOf(generation) + DamagedSuffix, overwrite: true);

    /// <summary>Removes what was set aside of generations before <paramref name="generation"/>.</summary>
    public void DeleteDamagedBefore(long generation)
    {
        foreach (string path in Directory.EnumerateFiles(_folder, "*" + DamagedSuffix))
        {
            if (long.TryParse(Path.GetFileName(path).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < generation)
            {
                File.Delete(path);
            }
        }
    }

    private static string CheckOf(CurrentFile current) =>
        HashOf(JsonSerializer.SerializeToUtf8Bytes(current with { Check = null }, StateJsonContext.Default.CurrentFile));

    private static string HashOf(JsonElement document) =>
        HashOf(JsonSerializer.SerializeToUtf8Bytes(document, ContractsJsonContext.Default.JsonElement));

    // Into plain arrays: those the serializer rents would be as large as the document, and stay with the process in a pool for minutes.
    private ReadOnlySpan<byte> Serialize(NetConfiguration document)
    {
        var buffer = new ArrayBufferWriter<byte>(_documentBytes);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, document, ContractsJsonContext.Default.NetConfiguration);
        }

        _documentBytes = Math.Max(InitialBytes, buffer.WrittenCount + (buffer.WrittenCount / 8));
        return buffer.WrittenSpan;
    }

    private static ReadOnlySpan<byte> Compose(GenerationFile file, ReadOnlySpan<byte> document)
    {
        var buffer = new ArrayBufferWriter<byte>(document.Length + InitialBytes);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
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
            writer.WriteString("hash"u8, file.Hash);
            writer.WritePropertyName("document"u8);
            writer.WriteRawValue(document, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private static string HashOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SipHash.HashBytes];
        SipHash.Compute(stackalloc byte[SipHash.KeyBytes], content, hash);
        return Convert.ToHexStringLower(hash);
    }

    private GenerationFile ReadFile(long generation)
    {
        try
        {
            using FileStream stream = File.OpenRead(PathOf(generation));
            return JsonSerializer.Deserialize(stream, StateJsonContext.Default.GenerationFile)
                ?? throw new StateDamagedException($"generation {generation} is empty");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StateDamagedException($"generation {generation} is not readable: {exception.Message}", exception);
        }
    }

    private string PathOf(long generation) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{generation:D8}.json"));
}
