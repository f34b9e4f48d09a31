namespace Net.Platform;

/// <summary>Tells the service manager how the service is doing. Does nothing where there is no manager.</summary>
public interface IServiceNotifier
{
    /// <summary>Whether a manager listens.</summary>
    bool IsActive { get; }

    /// <summary>Start-up is complete.</summary>
    /// <param name="status">One line for people.</param>
    void Ready(string? status = null);

    /// <summary>Stopping.</summary>
    /// <param name="status">One line for people.</param>
    void Stopping(string? status = null);

    /// <summary>Reading its configuration anew; call <see cref="Ready"/> when done.</summary>
    void Reloading();

    /// <summary>One line for people.</summary>
    /// <param name="status">The line.</param>
    void Status(string status);

    /// <summary>Still alive.</summary>
    void KeepAlive();

    /// <summary>Time within which <see cref="KeepAlive"/> must come; null when the manager does not watch.</summary>
    TimeSpan? WatchdogInterval { get; }
}
