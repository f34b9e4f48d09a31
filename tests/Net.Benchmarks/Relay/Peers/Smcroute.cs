using System.Globalization;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Overlay;
using Net.Lab;

namespace Net.Benchmarks.Relay;

/// <summary>smcroute: static routes of the kernel's own multicast forwarding. It rewrites nothing, so its packets have less done to them than ours.</summary>
internal sealed class Smcroute : IRelay
{
    // MAXVIFS of linux/mroute.h: interfaces the kernel's forwarding knows, the input among them.
    private const int MostOutputs = 31;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private LabProcess? _process;
    private string? _version;

    public string Name => $"smcroute {_version}".Trim();

    public SinkMode Sink => SinkMode.DropBuffers;

    public bool Rewrites => false;

    public async Task StartAsync(RelayLab lab, RelayJob job, CancellationToken cancellationToken)
    {
        if (job.Outputs > MostOutputs)
        {
            throw new PeerUnavailableException($"the kernel's multicast forwarding has {MostOutputs} outputs at most");
        }

        string program = Peer.Find("smcrouted", "smcroute");
        _version ??= await Peer.VersionAsync(lab.Relay, program, "-v", cancellationToken);
        string file = Path.Combine(lab.Folder, "smcroute.conf");
        await File.WriteAllTextAsync(file, Configuration(job), cancellationToken);

        // Foreground, our file, a name of its own for its socket, and interfaces only where the file says so.
        _process = TunnelLab.Start(lab.Relay, program, ["-n", "-f", file, "-i", $"nmb{lab.Tag}", "-N"]);
        await Task.Delay(Settled, cancellationToken);
        if (_process.HasExited)
        {
            throw new LabException($"smcroute ended: {string.Join(" | ", _process.Lines.TakeLast(3).Select(line => line.Text))}");
        }
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static string Configuration(RelayJob job)
    {
        string[] outputs = [.. Enumerable.Range(0, job.Outputs).Select(RelayLab.OutputInterface)];
        List<string> lines = [.. outputs.Prepend(RelayLab.Input).Select(name => $"phyint {name} enable ttl-threshold 1")];
        for (int group = 0; group < job.Groups; group++)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"mgroup from {RelayLab.Input} group {RelayJob.Input(group)}"));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"mroute from {RelayLab.Input} group {RelayJob.Input(group)} source {RelayLab.SourceAddress} to {string.Join(' ', outputs)}"));
        }

        return string.Join('\n', lines) + "\n";
    }
}
