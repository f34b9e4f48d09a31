using System.Text;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Secrets;

/// <summary>Secrets, one file each with mode 0600 in a folder with mode 0700. The document only holds references to them,
/// so that exports, plans, generations and logs cannot give them away.</summary>
internal sealed class SecretStore
{
    /// <summary>What a reference begins with.</summary>
    public const string ReferencePrefix = "secret:";

    private const int MaxNameLength = 64;
    private const int MaxValueBytes = 64 * 1024;

    // Two writers of one name would share the file they write to before it is renamed.
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly TimeProvider _clock;

    /// <summary>Opens the store in a state folder.</summary>
    public SecretStore(string stateFolder, TimeProvider clock)
    {
        _folder = Path.Combine(stateFolder, "secrets");
        _clock = clock;
        PrivateFolder.Ensure(stateFolder);
        PrivateFolder.Ensure(_folder);
        AtomicFile.RemoveUnfinished(_folder);
    }

    /// <summary>Whether a text is a well-formed reference.</summary>
    public static bool TryGetName(string? reference, out string name)
    {
        name = reference is not null && reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) ? reference[ReferencePrefix.Length..] : string.Empty;
        return IsName(name);
    }

    /// <summary>The names of all secrets with when they were stored.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset ChangedAt)> List() =>
    [
        .. Directory.EnumerateFiles(_folder)
            .Select(path => (Name: Path.GetFileName(path), new DateTimeOffset(File.GetLastWriteTimeUtc(path))))
            .Where(secret => IsName(secret.Name))
            .OrderBy(secret => secret.Name, StringComparer.Ordinal),
    ];

    /// <summary>Whether a secret is stored.</summary>
    public bool Exists(string name) => IsName(name) && File.Exists(PathOf(name));

    /// <summary>Reads a secret; null when it is not stored.</summary>
    public byte[]? Read(string name)
    {
        lock (_gate)
        {
            return Exists(name) ? File.ReadAllBytes(PathOf(name)) : null;
        }
    }

    /// <summary>Stores a secret.</summary>
    /// <exception cref="EngineException">Name or value are not usable, or the disk is full.</exception>
    public void Write(string name, string value) => Write(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Stores a secret from its bytes.</summary>
    /// <exception cref="EngineException">Name or value are not usable, or the disk is full.</exception>
    public void Write(string name, byte[] value)
    {
        if (!IsName(name))
        {
            throw new EngineException(ErrorCatalogue.SecretInvalid, $"'{name}' cannot be the name of a secret.", name);
        }

        if (value.Length is 0 or > MaxValueBytes)
        {
            throw new EngineException(ErrorCatalogue.SecretInvalid, $"The value of secret '{name}' has {value.Length} bytes; 1 to {MaxValueBytes} are taken.", name);
        }

        try
        {
            lock (_gate)
            {
                AtomicFile.Write(PathOf(name), value);
                File.SetLastWriteTimeUtc(PathOf(name), _clock.GetUtcNow().UtcDateTime);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"Secret '{name}' could not be stored: {exception.Message}", name, exception);
        }
    }

    /// <summary>Removes a secret.</summary>
    public void Remove(string name)
    {
        lock (_gate)
        {
            if (!Exists(name))
            {
                throw new EngineException(ErrorCatalogue.SecretNotFound, $"No secret is named '{name}'.", name);
            }

            try
            {
                AtomicFile.Delete(PathOf(name));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new EngineException(ErrorCatalogue.StateNotWritable, $"Secret '{name}' could not be removed: {exception.Message}", name, exception);
            }
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name[0] != '.'
        && !name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal)
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private string PathOf(string name) => Path.Combine(_folder, name);
}
