using System.ComponentModel;
using Net.Cli.Output;

namespace Net.Cli.Engine;

/// <summary>Keeps the engine running: starts it again after a crash, a little later each time, and ends with it when it ends by itself.</summary>
/// <param name="start">Starts the engine.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Writes one line per event.</param>
internal sealed class Supervisor(Func<ISupervisedProcess> start, TimeProvider time, Action<string> say)
{
    /// <summary>The exit code when the engine cannot be started at all, as shells use it.</summary>
    public const int CannotStart = 127;

    private const int BadArguments = 2;

    // A folder with wrong rights stays so until somebody mends it.
    private const int NotPermitted = 4;
    private const int NotExecutable = 126;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private TaskCompletionSource _restart = NewSignal();

    /// <summary>Asks for a graceful stop and a new start, as after an upgrade.</summary>
    public void RequestRestart()
    {
        lock (_gate)
        {
            _restart.TrySetResult();
        }
    }

    /// <summary>Runs until the engine ends by itself, or <paramref name="stop"/> asks for it.</summary>
    /// <returns>The engine's exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            Task restart = NextRestart();
            ISupervisedProcess engine;
            try
            {
                engine = start();
            }
            catch (Win32Exception failure)
            {
                say($"the engine cannot be started: {failure.Message}");
                return CannotStart;
            }

            using (engine)
            {
                long started = time.GetTimestamp();
                say($"engine started, process {engine.Id}");
                Ending ending = await WatchAsync(engine, restart, stop);
                TimeSpan ran = time.GetElapsedTime(started);
                if (ending.Cause == EndCause.Stop || IsFinal(ending, out string? reason, ran))
                {
                    say($"engine (process {engine.Id}) ended with exit code {ending.ExitCode}");
                    return ending.ExitCode;
                }

                if (ending.Cause == EndCause.Restart)
                {
                    pause = FirstPause;
                    say($"engine (process {engine.Id}) stopped for a restart");
                    continue;
                }

                pause = ran >= LongEnough ? FirstPause : pause;
                say($"engine (process {engine.Id}) {reason}; starts again in {Text.Duration(pause)}");
            }

            try
            {
                await Task.Delay(pause, time, stop);
            }
            catch (OperationCanceledException)
            {
                say("stopped before the engine was started again");
                return 0;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static bool IsFinal(Ending ending, out string? reason, TimeSpan ran)
    {
        reason = ending.ExitCode > 128
            ? $"was ended by signal {ending.ExitCode - 128} after {Text.Duration(ran)}"
            : $"failed with exit code {ending.ExitCode} after {Text.Duration(ran)}";

        // Zero is a stop somebody asked for. With options it does not take, or when it is no program, another start helps nobody.
        return ending is { Cause: EndCause.Own, ExitCode: 0 or BadArguments or NotPermitted or NotExecutable or CannotStart };
    }

    private async Task<Ending> WatchAsync(ISupervisedProcess engine, Task restart, CancellationToken stop)
    {
        var stopAsked = NewSignal();
        await using CancellationTokenRegistration registration = stop.Register(() => stopAsked.TrySetResult());
        await Task.WhenAny(engine.Exited, stopAsked.Task, restart);
        if (engine.Exited.IsCompleted && !stop.IsCancellationRequested)
        {
            return new Ending(EndCause.Own, await engine.Exited);
        }

        say($"stopping the engine (process {engine.Id})");
        engine.Terminate();
        try
        {
            await engine.Exited.WaitAsync(StopLimit, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            say($"the engine did not stop within {Text.Duration(StopLimit)} and is killed");
            engine.Kill();
        }

        return new Ending(stop.IsCancellationRequested ? EndCause.Stop : EndCause.Restart, await engine.Exited);
    }

    private Task NextRestart()
    {
        lock (_gate)
        {
            _restart = NewSignal();
            return _restart.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private enum EndCause
    {
        Own,
        Stop,
        Restart,
    }

    private readonly record struct Ending(EndCause Cause, int ExitCode);
}
