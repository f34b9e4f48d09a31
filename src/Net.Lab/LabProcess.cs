using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Net.Lab;

/// <summary>A program running in a node. It ends when disposed, or with its lab.</summary>
/// <remarks>The last <see cref="KeptLines"/> lines of output are kept, so a program may write for hours.</remarks>
public sealed class LabProcess : IAsyncDisposable
{
    /// <summary>Lines of output kept.</summary>
    public const int KeptLines = 10_000;

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly string _description;
    private readonly Queue<LabOutputLine> _lines = new();
    private readonly Task _outputEnded;
    private long _dropped;
    private bool _ended;
    private TaskCompletionSource _changed = NewSignal();

    internal LabProcess(ProcessStartInfo start, string description)
    {
        _description = description;
        _process = new Process { StartInfo = start };
        _process.Start();
        Id = _process.Id;
        _outputEnded = ReadAllAsync();
    }

    /// <summary>The process id (of the program itself: entering the namespace leaves no process between).</summary>
    public int Id { get; }

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code of a program that has ended.</summary>
    /// <exception cref="InvalidOperationException">It is still running.</exception>
    public int ExitCode => _process.ExitCode;

    /// <summary>The program's standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>The lines kept so far, standard output and error as they came.</summary>
    public IReadOnlyList<LabOutputLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Yields every line from the first one kept until the program's output ends.</summary>
    public async IAsyncEnumerable<LabOutputLine> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long next = 0;
        while (true)
        {
            LabOutputLine[] fresh;
            bool ended;
            Task changed;
            lock (_gate)
            {
                int skip = (int)Math.Max(0, next - _dropped);
                fresh = [.. _lines.Skip(skip)];
                next = _dropped + _lines.Count;
                ended = _ended;
                changed = _changed.Task;
            }

            foreach (LabOutputLine line in fresh)
            {
                yield return line;
            }

            if (ended)
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the first line that contains a text, among those already written too.</summary>
    /// <exception cref="TimeoutException">None came in time; the message holds the last lines.</exception>
    /// <exception cref="LabException">The program ended without writing it; the message holds the last lines.</exception>
    public Task<string> WaitForLineAsync(string text, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), timeout, cancellationToken);

    /// <summary>Waits for the first line that satisfies a condition, among those already written too.</summary>
    /// <exception cref="TimeoutException">None came in time; the message holds the last lines.</exception>
    /// <exception cref="LabException">The program ended without writing it; the message holds the last lines.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> condition, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (LabOutputLine line in ReadLinesAsync(limit.Token).ConfigureAwait(false))
            {
                if (condition(line.Text))
                {
                    return line.Text;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{_description} did not write the line waited for within {timeout.TotalSeconds:0.###} s.{Tail()}");
        }

        throw new LabException($"{_description} ended without the line waited for.{Tail()}");
    }

    /// <summary>Waits for the program's end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            await _outputEnded.WaitAsync(limit.Token).ConfigureAwait(false);
            return _process.ExitCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{_description} did not end within {timeout.TotalSeconds:0.###} s.{Tail()}");
        }
    }

    /// <summary>Kills the program (SIGKILL) and what it started, and returns when it is gone.</summary>
    public async Task KillAsync()
    {
        CommandRunner.Kill(_process);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync().ConfigureAwait(false);
        }

        // The handle itself is left to the finalizer: ExitCode and Lines stay readable after the lab is gone.
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReadAllAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true)).ConfigureAwait(false);
        lock (_gate)
        {
            _ended = true;
            _changed.TrySetResult();
        }
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
            {
                Add(new LabOutputLine(isError, text));
            }
        }
        catch (IOException)
        {
            // The pipe broke because the program was killed.
        }
    }

    private void Add(LabOutputLine line)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
                _dropped++;
            }

            changed = _changed;
            _changed = NewSignal();
        }

        changed.TrySetResult();
    }

    private string Tail()
    {
        string[] last = [.. Lines.TakeLast(20).Select(line => line.Text)];
        return last.Length == 0 ? " It wrote nothing." : $" Last lines:\n{string.Join('\n', last)}";
    }
}
