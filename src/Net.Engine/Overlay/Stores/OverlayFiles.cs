using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Overlay.Stores;

/// <summary>Files of one folder below the state folder, each a JSON document with mode 0600 in a folder with mode 0700.</summary>
internal sealed class OverlayFiles
{
    private readonly string _folder;

    /// <summary>Opens a folder, and makes it when it is not there.</summary>
    public OverlayFiles(string stateFolder, string name)
    {
        string parent = Path.Combine(stateFolder, "overlay");
        _folder = Path.Combine(parent, name);
        PrivateFolder.Ensure(stateFolder);
        PrivateFolder.Ensure(parent);
        PrivateFolder.Ensure(_folder);
        AtomicFile.RemoveUnfinished(_folder);
    }

    /// <summary>Whether a text can be a name of something kept here, and so of a file: 1 to 32 letters, digits and hyphens, no hyphen first.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= 32 } && name[0] != '-' && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    /// <summary>The names of all files, without regard to their content.</summary>
    public string[] Names() =>
        [.. Directory.EnumerateFiles(_folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file; null when it is not there.</summary>
    /// <exception cref="EngineException">It is damaged.</exception>
    public T? Read<T>(string name, JsonTypeInfo<T> type)
        where T : class
    {
        string path = PathOf(name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), type) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationUnreadable, $"{path} is not readable: {exception.Message}", path, exception);
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="EngineException">The disk is full or faulty; what was before stands.</exception>
    public void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(value, type);
        try
        {
            AtomicFile.Write(PathOf(name), content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"'{name}' could not be stored: {exception.Message}", name, exception);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Removes a file.</summary>
    public void Remove(string name)
    {
        try
        {
            AtomicFile.Delete(PathOf(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"'{name}' could not be removed: {exception.Message}", name, exception);
        }
    }

    // Names are compared without regard to case, so files are of lower case.
    private string PathOf(string name) => Path.Combine(_folder, name.ToLowerInvariant() + ".json");
}
