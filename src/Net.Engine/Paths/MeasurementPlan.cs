using System.Net;
using Net.Contracts;

namespace Net.Engine.Paths;

/// <summary>A measurement with its limits checked.</summary>
/// <param name="Count">Probes per path.</param>
/// <param name="Interval">Time between them.</param>
/// <param name="Timeout">How long to wait for each reply.</param>
/// <param name="Target">What to ask instead of the gateway, or null.</param>
internal sealed record MeasurementPlan(int Count, TimeSpan Interval, TimeSpan Timeout, IPAddress? Target)
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">A value is out of its bounds.</exception>
    public static MeasurementPlan Of(MeasurePaths request)
    {
        TimeSpan interval = request.Interval ?? TimeSpan.FromMilliseconds(100);
        TimeSpan timeout = request.Timeout ?? TimeSpan.FromSeconds(1);
        IPAddress? target = null;
        if (request.Count is < 1 or > 1000)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The count must be between 1 and 1000, not {request.Count}.", "count");
        }

        if (interval < TimeSpan.FromMilliseconds(1) || interval > TimeSpan.FromMinutes(1))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The interval must be between 1 ms and 1 minute, not {interval}.", "interval");
        }

        if (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromMinutes(1))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The timeout must be between 1 ms and 1 minute, not {timeout}.", "timeout");
        }

        if (request.Target is { } text && !IPAddress.TryParse(text, out target))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The target '{text}' is not an address.", "target");
        }

        return new MeasurementPlan(request.Count, interval, timeout, target);
    }
}
