namespace Net.Lab.Tests;

/// <summary>What the tests that build labs share.</summary>
internal static class TestLab
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static string Host { get; } = Environment.ProcessPath!;

    /// <summary>The arguments that start this assembly's program in another mode.</summary>
    public static string[] Self(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(Host) == "dotnet" ? [typeof(TestLab).Assembly.Location, .. arguments] : arguments;

    public static void Require() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root on Linux: creates network namespaces");

    public static Task<Lab> UpAsync(LabTopology topology, LabOptions? options = null) =>
        Lab.UpAsync(topology, options, TestContext.Current.CancellationToken);

    public static async Task AssertReachesAsync(LabNode from, string destination)
    {
        LabPing ping = await from.PingAsync(destination, count: 1, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(ping.Reached, $"{from.Name} does not reach {destination}.");
        Assert.NotNull(ping.RoundTrip);
    }

    public static bool IsRunning(int processId)
    {
        try
        {
            // A zombie has ended: an orphan stays one where process 1 does not collect.
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static string[] NamespacesOf(string instance) =>
        [.. Directory.EnumerateFiles("/run/netns").Select(path => Path.GetFileName(path)).Where(name => name.StartsWith($"nm-{instance}-", StringComparison.Ordinal))];

    public static string StateFile(string instance) => $"/run/netmod-lab/{instance}.json";

    public static string NewInstance(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..24];
}
