using Net.Contracts;

namespace Net.PowerShell.Connection;

/// <summary>An open connection to one engine, safe to use from several threads at once.</summary>
internal interface IEngineConnection : IEngineCaller, IAsyncDisposable
{
    /// <summary>What the engine said of itself and of the caller.</summary>
    HelloReply Hello { get; }

    /// <summary>Whether calls can still be made.</summary>
    bool IsOpen { get; }
}
