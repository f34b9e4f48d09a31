namespace Net.Cli.Engine;

/// <summary>The process a supervisor looks after.</summary>
internal interface ISupervisedProcess : IDisposable
{
    /// <summary>Its process id.</summary>
    int Id { get; }

    /// <summary>Ends with the exit code; 128 and the signal's number when a signal ended it.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks it to end (SIGTERM).</summary>
    void Terminate();

    /// <summary>Ends it (SIGKILL).</summary>
    void Kill();
}
