using System.Diagnostics;
using Net.Platform.Linux;

namespace Net.Platform.Tests;

/// <summary>A network namespace for one test, gone with it.</summary>
internal sealed class TestNamespace : IDisposable
{
    private static int s_count;

    public TestNamespace()
    {
        Name = $"platform-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Namespace = NetworkNamespace.Create(Name);
    }

    public string Name { get; }

    public NetworkNamespace Namespace { get; }

    /// <summary>Why tests in namespaces cannot run here; null when they can.</summary>
    public static string? Unavailable => UnixAccounts.IsRoot ? null : "needs root to make network namespaces";

    public static void SkipUnlessPossible() => Assert.SkipUnless(Unavailable is null, Unavailable ?? "");

    /// <summary>Runs ip in this namespace.</summary>
    public void Ip(string arguments) => Run("ip", $"-n {Name} {arguments}");

    /// <summary>Runs a program in this namespace.</summary>
    public string Exec(string program, string arguments, string? input = null) => Run("nsenter", $"--net=/run/netns/{Name} {program} {arguments}", input);

    /// <summary>Connects this namespace with another by a veth pair of the names given.</summary>
    public void Connect(string ownLink, TestNamespace other, string otherLink)
    {
        Ip($"link add {ownLink} type veth peer name {otherLink} netns {other.Name}");
        Ip($"link set {ownLink} up");
        other.Ip($"link set {otherLink} up");

        // The kernel may take a second to notice the carrier; until then it drops what is sent.
        WaitUntilUp(ownLink);
        other.WaitUntilUp(otherLink);
    }

    public T In<T>(Func<T> work) => Namespace.Run(work);

    public void Dispose()
    {
        Namespace.Dispose();
        NetworkNamespace.Delete(Name);
    }

    private void WaitUntilUp(string link)
    {
        using NetworkMonitor monitor = In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();
        LinkInfo? current = subscription.Start.FindLink(link);
        while (current is not { OperationalState: LinkOperationalState.Up })
        {
            Task<bool> next = subscription.Changes.WaitToReadAsync().AsTask();
            Assert.True(next.Wait(TimeSpan.FromSeconds(20)), $"{link} did not come up");
            while (subscription.Changes.TryRead(out NetworkChange? change))
            {
                current = change is LinkChange { Current: { } changed } && changed.Name == link ? changed : current;
            }
        }
    }

    private static string Run(string program, string arguments, string? input = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(info)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors}");
        return output;
    }
}
