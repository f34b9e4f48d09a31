using System.Globalization;
using Net.Benchmarks.Overlay;
using Net.Lab;

namespace Net.Benchmarks.Relay;

/// <summary>socat: one process for each output, kept on the core the generator leaves free, with a large receive buffer.</summary>
internal sealed class Socat : IRelay
{
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);

    private readonly List<LabProcess> _processes = [];
    private string? _version;

    public string Name => $"socat {_version}".Trim();

    public SinkMode Sink => SinkMode.DropBuffers;

    public bool Rewrites => true;

    public async Task StartAsync(RelayLab lab, RelayJob job, CancellationToken cancellationToken)
    {
        string program = Peer.Find("socat", "socat");
        _version ??= await Peer.VersionAsync(lab.Relay, program, "-V", cancellationToken);
        string core = string.Create(CultureInfo.InvariantCulture, $"{1 - lab.SenderCore}");
        for (int output = 0; output < job.Outputs; output++)
        {
            // As large as our own, as far as the host's net.core.rmem_max allows: socat cannot exceed that.
            string from = string.Create(
                CultureInfo.InvariantCulture,
                $"UDP4-RECV:{RelayJob.InputPort},bind={RelayJob.Input(0)},reuseaddr,ip-add-membership={RelayJob.Input(0)}:{RelayLab.Input},rcvbuf=33554432");
            string to = string.Create(
                CultureInfo.InvariantCulture,
                $"UDP4-DATAGRAM:{RelayJob.Output(output, 0)}:{RelayJob.OutputPort(output)},ip-multicast-if={RelayLab.OutputAddress(output)},ip-multicast-loop=0,ip-multicast-ttl=8");
            _processes.Add(TunnelLab.Start(lab.Relay, "taskset", ["-c", core, program, "-u", "-b", "65536", from, to]));
        }

        await Task.Delay(Settled, cancellationToken);
        if (_processes.FirstOrDefault(process => process.HasExited) is { } ended)
        {
            throw new LabException($"socat ended: {string.Join(" | ", ended.Lines.TakeLast(3).Select(line => line.Text))}");
        }
    }

    public async Task StopAsync()
    {
        foreach (LabProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        _processes.Clear();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
