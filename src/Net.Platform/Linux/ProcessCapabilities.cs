using System.Globalization;
using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>What a process may do, thread by thread: capabilities belong to threads, and one that kept more is the weak spot.</summary>
/// <param name="Threads">Its threads.</param>
[SupportedOSPlatform("linux")]
public sealed record ProcessCapabilities(IReadOnlyList<ThreadCapabilities> Threads)
{
    /// <summary>Capabilities in force in any thread.</summary>
    public ulong Effective => Threads.Aggregate(0UL, (set, thread) => set | thread.Effective);

    /// <summary>Capabilities any thread could regain.</summary>
    public ulong Bounding => Threads.Aggregate(0UL, (set, thread) => set | thread.Bounding);

    /// <summary>Whether no thread's programs can gain anything.</summary>
    public bool NoNewPrivileges => Threads.All(thread => thread.NoNewPrivileges);

    /// <summary>Whether all threads hold the same.</summary>
    public bool AreThreadsEqual => Threads.All(thread => (thread with { ThreadId = 0 }) == (Threads[0] with { ThreadId = 0 }));

    /// <summary>Names of the capabilities in force in any thread.</summary>
    public IReadOnlyList<string> EffectiveNames => CapabilityNames.InSet(Effective);

    /// <summary>Reads what a process may do.</summary>
    /// <param name="processId">The process; null for the own.</param>
    /// <returns>Its threads; empty when the process has ended.</returns>
    public static ProcessCapabilities Read(int? processId = null)
    {
        string process = processId?.ToString(CultureInfo.InvariantCulture) ?? "self";
        var threads = new List<ThreadCapabilities>();
        try
        {
            foreach (string folder in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                if (TryReadThread(folder) is { } thread)
                {
                    threads.Add(thread);
                }
            }
        }
        catch (IOException)
        {
            // The process ended while we looked.
        }

        return new ProcessCapabilities(threads);
    }

    /// <summary>Reads the text of a /proc/PID/task/TID/status.</summary>
    internal static ThreadCapabilities Parse(int threadId, IEnumerable<string> lines)
    {
        var found = new ThreadCapabilities { ThreadId = threadId };
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                continue;
            }

            string value = line[(colon + 1)..].Trim();
            found = line[..colon] switch
            {
                "Uid" => found with { UserId = ParseEffective(value) },
                "Gid" => found with { GroupId = ParseEffective(value) },
                "CapInh" => found with { Inheritable = ParseSet(value) },
                "CapPrm" => found with { Permitted = ParseSet(value) },
                "CapEff" => found with { Effective = ParseSet(value) },
                "CapBnd" => found with { Bounding = ParseSet(value) },
                "CapAmb" => found with { Ambient = ParseSet(value) },
                "NoNewPrivs" => found with { NoNewPrivileges = value == "1" },
                _ => found,
            };
        }

        return found;
    }

    private static ThreadCapabilities? TryReadThread(string folder)
    {
        try
        {
            return Parse(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), File.ReadLines(Path.Combine(folder, "status")));
        }
        catch (IOException)
        {
            // The thread ended while we looked.
            return null;
        }
    }

    private static ulong ParseSet(string value) => ulong.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set) ? set : 0;

    // Four numbers: real, effective, saved, file system.
    private static uint ParseEffective(string value)
    {
        string[] ids = value.Split('\t', ' ');
        return ids.Length > 1 && uint.TryParse(ids[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : uint.MaxValue;
    }
}
