using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Workers;

/// <summary>A worker process of this host. Disposing ends it.</summary>
[SupportedOSPlatform("linux")]
public sealed class WorkerLink : IWorkerLink
{
    private readonly SpawnedProcess _process;
    private readonly WorkerChannel _channel;
    private readonly List<SafeHandle> _received = [];

    private WorkerLink(SpawnedProcess process, WorkerChannel channel)
    {
        _process = process;
        _channel = channel;
        Ended = DescribeAsync(process.Ended);
    }

    /// <inheritdoc />
    public int ProcessId => _process.ProcessId;

    /// <inheritdoc />
    public Task<string> Ended { get; }

    /// <summary>Starts a worker without privileges.</summary>
    /// <param name="program">The worker's program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="userId">The user it runs as; null stays what we are.</param>
    /// <param name="groupId">The group it runs as; null stays what we are.</param>
    /// <param name="settings">Settings of its runtime, as environment variables.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    public static WorkerLink Start(string program, IReadOnlyList<string> arguments, uint? userId, uint? groupId, IReadOnlyDictionary<string, string>? settings = null)
    {
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"there is no worker program {program}", program);
        }

        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        using (theirs)
        {
            try
            {
                return new WorkerLink(WorkerProcess.Start(program, arguments, userId, groupId, theirs, settings), new WorkerChannel(ours));
            }
            catch
            {
                ours.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc />
    public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors) => _channel.Send(message, descriptors);

    /// <inheritdoc />
    public WorkerMessage? Receive()
    {
        WorkerMessage? message = _channel.Receive(_received);

        // Workers have nothing to hand to an engine; what came all the same is closed.
        foreach (SafeHandle handle in _received)
        {
            handle.Dispose();
        }

        _received.Clear();
        return message;
    }

    /// <inheritdoc />
    public void Kill() => _process.Kill();

    /// <inheritdoc />
    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    private static async Task<string> DescribeAsync(Task<ProcessEnd> ended) => (await ended.ConfigureAwait(false)).ToString();
}
