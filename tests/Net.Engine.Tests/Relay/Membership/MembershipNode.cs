using System.Diagnostics;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>A namespace of one test.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MembershipNode : IDisposable
{
    private static int s_count;

    public MembershipNode(string role)
    {
        Name = $"member-{role}-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Namespace = NetworkNamespace.Create(Name);

        // Duplicate address detection would take two seconds before MLD may speak.
        Run("echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
    }

    public string Name { get; }

    public NetworkNamespace Namespace { get; }

    public void Ip(string arguments) => Start("ip", $"-n {Name} {arguments}", null);

    /// <summary>Runs a line of shell in it.</summary>
    public string Run(string line) => Start("nsenter", $"--net=/run/netns/{Name} sh -s", line);

    public int IndexOf(string link) => Namespace.Run(() =>
    {
        using var netlink = new RouteNetlink();
        return netlink.GetSnapshot().FindLink(link)!.Index;
    });

    /// <summary>Groups the kernel has joined here, as its own tables say, but those of the link.</summary>
    public int CountGroups() => Run("cat /proc/net/igmp /proc/net/igmp6").Split('\n')
        .Count(line => (line.StartsWith('\t') && line.TrimStart()[6..8] == "EF") || line.Contains(" ff0e", StringComparison.Ordinal));

    public void Dispose()
    {
        Namespace.Dispose();
        NetworkNamespace.Delete(Name);
    }

    private static string Start(string program, string arguments, string? input)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors}");
        return output;
    }
}
