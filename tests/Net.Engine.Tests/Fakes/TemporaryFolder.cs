namespace Net.Engine.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    // Short, because a Unix socket's path has at most 107 bytes.
    public string Path { get; } = Directory.CreateTempSubdirectory("nme").FullName;

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
