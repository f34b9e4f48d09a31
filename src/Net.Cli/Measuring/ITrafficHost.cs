using Net.Traffic;

namespace Net.Cli.Measuring;

/// <summary>What the traffic commands need of the traffic library. Tests put a fake here.</summary>
internal interface ITrafficHost
{
    /// <summary>Sends a plan.</summary>
    /// <param name="plan">What to send.</param>
    /// <param name="progress">Hears how far it is, once a second.</param>
    /// <param name="cancellationToken">Ends it early; what was sent so far comes back.</param>
    Task<TrafficSent> SendAsync(TrafficPlan plan, Action<TrafficProgress> progress, CancellationToken cancellationToken);

    /// <summary>Receives.</summary>
    /// <param name="listen">What to wait for.</param>
    /// <param name="ready">Called when it listens.</param>
    /// <param name="progress">Hears how far it is, once a second.</param>
    /// <param name="cancellationToken">Ends it early; what came so far comes back.</param>
    Task<TrafficReport> ReceiveAsync(TrafficListen listen, Action ready, Action<TrafficProgress> progress, CancellationToken cancellationToken);
}
