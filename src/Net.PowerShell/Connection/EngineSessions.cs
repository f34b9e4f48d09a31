using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Net.PowerShell.Connection;

/// <summary>The session of each runspace, so that jobs and ForEach-Object -Parallel never share a connection by accident.</summary>
internal static class EngineSessions
{
    // Keyed weakly: a runspace that nobody closes takes its session with it when it is collected.
    private static readonly ConditionalWeakTable<Runspace, EngineSession> ByRunspace = [];

    /// <summary>The session of the runspace that runs on this thread.</summary>
    public static EngineSession Current => ByRunspace.GetValue(Runspace.DefaultRunspace, Create);

    /// <summary>Closes and forgets the session of the runspace on this thread, if it ever had one.</summary>
    public static void CloseCurrent() => Close(Runspace.DefaultRunspace);

    private static EngineSession Create(Runspace runspace)
    {
        runspace.StateChanged += OnStateChanged;
        return new EngineSession(EngineConnector.DefaultTarget, EngineConnector.ConnectAsync);
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (sender is Runspace runspace && change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
        {
            Close(runspace);
        }
    }

    private static void Close(Runspace? runspace)
    {
        if (runspace is not null && ByRunspace.TryGetValue(runspace, out EngineSession? session))
        {
            runspace.StateChanged -= OnStateChanged;
            ByRunspace.Remove(runspace);

            // Off this thread: the runspace must not wait for a peer that does not answer.
            _ = Task.Run(async () => await session.DisposeAsync().ConfigureAwait(false));
        }
    }
}
