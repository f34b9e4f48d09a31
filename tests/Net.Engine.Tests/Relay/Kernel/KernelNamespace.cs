using System.Diagnostics;
using Net.Platform.Linux;

namespace Net.Engine.Tests.Relay.Kernel;

/// <summary>A network namespace for one test.</summary>
internal sealed class KernelNamespace : IDisposable
{
    private static int s_count;

    public KernelNamespace()
    {
        Name = $"kernel-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Namespace = NetworkNamespace.Create(Name);
    }

    public string Name { get; }

    public NetworkNamespace Namespace { get; }

    public static void SkipUnlessPossible() => Assert.SkipUnless(UnixAccounts.IsRoot, "needs root to load eBPF and to make network namespaces");

    public void Ip(string arguments) => Start("ip", $"-n {Name} {arguments}");

    /// <summary>Runs a program in this namespace.</summary>
    public void Exec(string program, string arguments) => Start("nsenter", $"--net=/run/netns/{Name} {program} {arguments}");

    public int IndexOf(string link) => Namespace.Run(() =>
    {
        using var netlink = new RouteNetlink();
        return netlink.GetLinks().Single(candidate => candidate.Name == link).Index;
    });

    /// <summary>A veth pair with both ends in this namespace, without addresses and quiet.</summary>
    public (int One, int Other) AddPair(string one, string other)
    {
        Ip($"link add {one} type veth peer name {other}");
        foreach (string link in new[] { one, other })
        {
            Ip($"link set {link} addrgenmode none");
            Ip($"link set {link} up");
        }

        return (IndexOf(one), IndexOf(other));
    }

    private static void Start(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors}");
    }

    public void Dispose()
    {
        Namespace.Dispose();
        NetworkNamespace.Delete(Name);
    }
}
