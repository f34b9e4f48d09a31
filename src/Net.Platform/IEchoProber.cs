namespace Net.Platform;

/// <summary>Measures reachability and round-trip time by ICMP echo.</summary>
public interface IEchoProber : IDisposable
{
    /// <summary>Sends one probe and waits for what comes of it. Any number may be under way at once.</summary>
    /// <param name="request">The probe.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The outcome; failures of the network are outcomes, not exceptions.</returns>
    Task<EchoReply> SendAsync(EchoRequest request, CancellationToken cancellationToken);
}
