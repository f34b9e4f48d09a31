using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class SpawnedProcessTests
{
    private const uint Nobody = 65_534;
    private static readonly Dictionary<string, string> s_environment = new() { ["PATH"] = "/usr/bin:/bin", ["GREETING"] = "wörld" };

    [Fact]
    public async Task A_child_has_the_channel_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        (string text, ProcessEnd end) = await RunAsync(theirs => SpawnedProcess.Start(
            "/bin/sh", ["-c", "echo $1 $GREETING >&3; read line; exec ls -m /proc/self/fd >&3", "sh", "hello"], s_environment, theirs));

        // Number 4 is the folder that ls lists.
        Assert.Equal("hello wörld\n0, 1, 2, 3, 4\n", text);
        Assert.True(end.IsSuccess);
    }

    [Fact]
    public async Task Signals_are_at_their_defaults_in_a_child()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        (string text, _) = await RunAsync(theirs => SpawnedProcess.Start("/bin/sh", ["-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status >&3"], s_environment, theirs));

        // The runtime ignores SIGPIPE. Signals 32 and 33 belong to glibc, which leaves them ignored in what it starts.
        ulong[] sets = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Convert.ToUInt64(line.Split('\t')[1], 16))];
        Assert.Equal([0ul, 0ul], sets.Select(set => set & 0x7fff_ffff));
    }

    [Theory]
    [InlineData("kill -ABRT $$", "killed by signal 6 (SIGABRT)")]
    [InlineData("kill -SEGV $$", "killed by signal 11 (SIGSEGV)")]
    [InlineData("exit 0", "exited with 0")]
    [InlineData("exit 7", "exited with 7")]
    public async Task How_it_ended_is_said_in_words(string script, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        (_, ProcessEnd end) = await RunAsync(theirs => SpawnedProcess.Start("/bin/sh", ["-c", script], s_environment, theirs));

        Assert.Equal(expected, end.ToString());
        Assert.Equal(script == "exit 0", end.IsSuccess);
    }

    [Theory]
    [InlineData(true, "killed by signal 9 (SIGKILL)")]
    [InlineData(false, "killed by signal 15 (SIGTERM)")]
    public async Task A_child_is_ended(bool isKilled, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        using DescriptorChannel channel = ours;
        using SpawnedProcess child = SpawnedProcess.Start("/bin/sleep", ["600"], s_environment, theirs);
        theirs.Dispose();

        if (isKilled)
        {
            child.Kill();
        }
        else
        {
            child.Terminate();
        }

        Assert.Equal(expected, (await child.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ToString());

        // Its number may be another process by now; nothing is done to that one.
        child.Kill();
        Assert.False(File.Exists($"/proc/{child.ProcessId}/stat"));
        Assert.Equal(0, channel.Receive(new byte[1], []));
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        using DescriptorChannel channel = ours;
        using SafeHandle other = theirs;

        Win32Exception failure = Assert.Throws<Win32Exception>(() => SpawnedProcess.Start("/no/such/program", [], s_environment, other));

        Assert.Contains("/no/such/program", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, failure.NativeErrorCode);
    }

    [Fact]
    public async Task A_worker_has_no_privilege_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && UnixAccounts.IsRoot, "needs root to become another user");

        (string text, ProcessEnd end) = await RunAsync(theirs => WorkerProcess.Start(
            "/bin/sh",
            ["-c", "grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/self/status >&3; env | grep DOTNET_ | sort >&3"],
            Nobody,
            Nobody,
            theirs));

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("Uid:\t65534\t65534\t65534\t65534\n", text, StringComparison.Ordinal);
        Assert.Contains("Gid:\t65534\t65534\t65534\t65534\n", text, StringComparison.Ordinal);
        Assert.Contains("Groups:\t \n", text, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1\n", text, StringComparison.Ordinal);
        foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapAmb"])
        {
            Assert.Contains($"{set}:\t0000000000000000\n", text, StringComparison.Ordinal);
        }

        Assert.Contains("DOTNET_EnableDiagnostics=0\n", text, StringComparison.Ordinal);
        Assert.Contains("DOTNET_gcServer=0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_reach_a_workers_runtime_except_over_those_that_guard_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        (string text, _) = await RunAsync(theirs => WorkerProcess.Start(
            "/bin/sh", ["-c", "env | grep DOTNET_ >&3"], null, null, theirs, new Dictionary<string, string> { ["DOTNET_Own"] = "1", ["DOTNET_EnableDiagnostics"] = "1" }));

        Assert.Contains("DOTNET_Own=1\n", text, StringComparison.Ordinal);
        Assert.Contains("DOTNET_EnableDiagnostics=0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ids_a_worker_stays_who_we_are()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        (string text, _) = await RunAsync(theirs => WorkerProcess.Start("/bin/sh", ["-c", "id -u >&3"], null, null, theirs));

        Assert.Equal($"{PeerUser()}\n", text);
    }

    [Fact]
    public void A_thread_keeps_to_its_core()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        string allowed = "";
        var thread = new Thread(() =>
        {
            ThreadAffinity.PinCurrentThread(0);
            allowed = File.ReadAllLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal));
        });
        thread.Start();
        thread.Join();

        Assert.Equal("Cpus_allowed_list:\t0", allowed);
        Assert.Throws<Win32Exception>(() => ThreadAffinity.PinCurrentThread(8191));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadAffinity.PinCurrentThread(-1));
        Assert.Null(ThreadAffinity.NumaNodeOf(8191));
        Assert.True(ThreadAffinity.NumaNodeOf(0) is null or >= 0);
    }

    private static string PeerUser() =>
        File.ReadAllLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    // Reads what the child writes to the channel until it ends.
    private static async Task<(string Text, ProcessEnd End)> RunAsync(Func<SafeHandle, SpawnedProcess> start)
    {
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        using DescriptorChannel channel = ours;
        using SpawnedProcess child = start(theirs);
        theirs.Dispose();
        using var text = new MemoryStream();
        byte[] buffer = new byte[4096];
        for (int count = channel.Receive(buffer, []); count > 0; count = channel.Receive(buffer, []))
        {
            text.Write(buffer, 0, count);
        }

        return (Encoding.UTF8.GetString(text.ToArray()), await child.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
