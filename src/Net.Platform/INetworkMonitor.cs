namespace Net.Platform;

/// <summary>Follows the kernel's network and keeps a snapshot current.</summary>
public interface INetworkMonitor : IDisposable
{
    /// <summary>The network as last heard of; replaced as a whole, never changed.</summary>
    NetworkSnapshot Snapshot { get; }

    /// <summary>Starts to hand out changes. Nothing that happens after <see cref="NetworkSubscription.Start"/> is missed silently.</summary>
    /// <param name="capacity">Changes to hold for a slow reader; beyond it they are replaced by one <see cref="OverrunChange"/>.</param>
    /// <returns>The subscription; dispose it to end.</returns>
    NetworkSubscription Subscribe(int capacity = 4096);

    /// <summary>Chooses the interfaces whose carrier is polled, because the kernel may hold a carrier event back for 0.9 s.</summary>
    /// <param name="interfaceNames">Their names; empty for none.</param>
    void PollCarrier(IReadOnlyCollection<string> interfaceNames);
}
