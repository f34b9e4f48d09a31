namespace Net.Engine.State;

/// <summary>Hears of each step of a transaction as it is done. Crash tests kill the process there; in service nothing listens.</summary>
public interface ITransactionSteps
{
    /// <summary>A step is done and the next has not begun.</summary>
    /// <param name="step">One of <see cref="TransactionStep"/>.</param>
    void Done(TransactionStep step);
}

/// <summary>The steps of a transaction in their order.</summary>
public enum TransactionStep
{
    /// <summary>The change is validated and planned; nothing is written.</summary>
    Planned,

    /// <summary>The new generation lies on disk, but is not in force.</summary>
    GenerationWritten,

    /// <summary>The kernel has the new firewall.</summary>
    FirewallApplied,

    /// <summary>The kernel has the new routes as well.</summary>
    RoutesApplied,

    /// <summary>Every part of the engine works by the new document.</summary>
    Applied,

    /// <summary>The new generation is the one a restart loads.</summary>
    Committed,

    /// <summary>Generations beyond the limit are gone.</summary>
    Pruned,
}
