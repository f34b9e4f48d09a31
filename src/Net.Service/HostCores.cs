using Net.Engine.Relay.Workers;

namespace Net.Service;

/// <summary>Cores of this host and the memory nodes they belong to, as the kernel tells them.</summary>
internal static class HostCores
{
    /// <summary>Cores this process may use (proc_pid_status(5)).</summary>
    public static int[] Read()
    {
        const string name = "Cpus_allowed_list:";
        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal));
        int[] cores = line is null ? [] : CorePlan.ParseList(line[name.Length..]);
        return cores.Length > 0 ? cores : [.. Enumerable.Range(0, Environment.ProcessorCount)];
    }

    /// <summary>Cores of the memory node an interface hangs on (Documentation/ABI/testing/sysfs-bus-pci); empty when the kernel names none.</summary>
    /// <param name="device">Name of the interface.</param>
    public static IReadOnlyList<int> Near(string device) =>
        int.TryParse(ReadLine($"/sys/class/net/{device}/device/numa_node"), out int node) && node >= 0 ? CoresOf(node) : [];

    /// <summary>The memory node of a core (Documentation/ABI/stable/sysfs-devices-node); null when the kernel names none.</summary>
    /// <param name="core">The core.</param>
    public static int? NodeOf(int core)
    {
        const string folder = "/sys/devices/system/node";
        if (!Directory.Exists(folder))
        {
            return null;
        }

        foreach (string path in Directory.EnumerateDirectories(folder, "node*"))
        {
            if (int.TryParse(Path.GetFileName(path).AsSpan("node".Length), out int node) && CoresOf(node).Contains(core))
            {
                return node;
            }
        }

        return null;
    }

    private static int[] CoresOf(int node) => ReadLine($"/sys/devices/system/node/node{node}/cpulist") is { } list ? CorePlan.ParseList(list) : [];

    private static string? ReadLine(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Devices without hardware behind them have the file and refuse to be read.
            return null;
        }
    }
}
