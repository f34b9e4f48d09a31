using System.Runtime.Versioning;
using Net.Contracts;
using Net.Service.Overlay;

namespace Net.Service.Tests.Overlay;

[SupportedOSPlatform("linux")]
public sealed class OverlaySelfTestTests
{
    [Fact]
    public async Task Every_step_says_what_it_found_and_one_that_fails_does_not_keep_the_others_back()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/net/tun"), "needs root and /dev/net/tun");
        var host = new LinuxOverlayHost(WorkerAccount.Find("/nowhere/netmod-worker"));

        OverlaySelfTestStep[] steps = await host.SelfTestAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["libraries", "handshake", "tun device", "udp batches", "worker"], steps.Select(step => step.Name));
        Assert.All(steps.SkipLast(1), step => Assert.True(step.Succeeded, $"{step.Name}: {step.Detail}"));
        Assert.Contains("there is no worker program /nowhere/netmod-worker", steps[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worker_is_looked_for_beside_the_engine_and_then_in_the_next_folder()
    {
        string folder = Directory.CreateTempSubdirectory("nmw").FullName;
        try
        {
            string engine = Path.Combine(folder, "netmod-engine");
            Directory.CreateDirectory(engine);

            string next = WorkerAccount.FindWorker(engine);
            File.WriteAllText(Path.Combine(engine, "netmod-worker"), string.Empty);
            string beside = WorkerAccount.FindWorker(engine);

            Assert.Equal(Path.Combine(folder, "netmod-worker", "netmod-worker"), next);
            Assert.Equal(Path.Combine(engine, "netmod-worker"), beside);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
