using Net.Cli.Engine;

namespace Net.Cli.Tests.Support;

/// <summary>A process a test ends when it likes.</summary>
internal sealed class FakeProcess(int id) : ISupervisedProcess
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id { get; } = id;

    public Task<int> Exited => _exited.Task;

    public TaskCompletionSource Terminated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Killed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End(int exitCode) => _exited.TrySetResult(exitCode);

    public void Terminate() => Terminated.TrySetResult();

    public void Kill() => Killed.TrySetResult();

    public void Dispose()
    {
    }
}
