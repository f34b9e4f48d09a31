using System.Diagnostics;
using Net.Engine.State;

namespace Net.Service;

/// <summary>Kills this process by SIGKILL right after a step of a transaction, so that tests can prove what a crash there leaves behind.
/// Only whoever starts the engine can ask for it, by the environment variable <c>NETMOD_FAULT_KILL_AT</c>.</summary>
internal sealed class KillAtStep(TransactionStep at) : ITransactionSteps
{
    /// <summary>What the environment asks for; null in service.</summary>
    public static KillAtStep? FromEnvironment() =>
        Enum.TryParse(Environment.GetEnvironmentVariable("NETMOD_FAULT_KILL_AT"), out TransactionStep step) ? new KillAtStep(step) : null;

    /// <inheritdoc />
    public void Done(TransactionStep step)
    {
        if (step == at)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
