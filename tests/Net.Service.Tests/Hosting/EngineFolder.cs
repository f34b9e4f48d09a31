using System.Text.Json.Nodes;

namespace Net.Service.Tests;

/// <summary>Socket, state and configuration of one engine, in a folder of its own that goes with it.</summary>
internal sealed class EngineFolder : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public EngineFolder()
    {
        Root = Path.Combine(Path.GetTempPath(), $"svctests-{Guid.NewGuid():N}"[..20]);
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(SocketFolder);
        Directory.CreateDirectory(Path.Combine(Configuration, "policy.d"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Root, Readable);
            File.SetUnixFileMode(SocketFolder, Readable);
        }
    }

    public string Root { get; }

    public string SocketFolder => Path.Combine(Root, "run");

    public string Socket => Path.Combine(SocketFolder, "engine.sock");

    public string State => Path.Combine(Root, "state");

    public string Configuration => Path.Combine(Root, "conf");

    public string CurrentFile => Path.Combine(State, "current.json");

    public string[] Arguments => ["--socket", Socket, "--state", State, "--config", Configuration, "--log-level", "debug"];

    public string GenerationFile(long number) => Path.Combine(State, "generations", $"{number:D8}.json");

    /// <summary>The generation a restart would load; 0 for none yet.</summary>
    public long CurrentGeneration() => File.Exists(CurrentFile) ? JsonNode.Parse(File.ReadAllText(CurrentFile))!["generation"]!.GetValue<long>() : 0;

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
