namespace Net.Engine.Metrics;

/// <summary>A part of the engine that has numbers to show.</summary>
internal interface IMetricSource
{
    /// <summary>Writes its metrics as they are now. Called at each scrape, never otherwise.</summary>
    void Collect(PrometheusWriter writer);
}
