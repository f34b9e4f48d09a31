using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Reconciling;
using Net.Engine.Secrets;

namespace Net.Engine.Metrics;

/// <summary>Opens and closes the metrics endpoint as the document says.</summary>
internal sealed class MetricsSubsystem(EngineOptions options, SecretStore secrets, IReadOnlyList<IMetricSource> sources, ILogger<MetricsSubsystem> logger)
    : ISection, IAsyncDisposable
{
    // sun_path of unix(7) takes 108 bytes with the zero at the end.
    private const int MaxPathBytes = 107;

    private MetricsEndpoint? _endpoint;
    private volatile SubsystemStatus _status = new("metrics", true, "off");

    /// <inheritdoc />
    public string Name => "metrics";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems)
    {
        MetricsSection section = document.Metrics;
        EndPoint? endPoint = null;
        if (section.Listen is { } listen && (endPoint = Parse(listen)) is null)
        {
            Add("metrics.listen", $"'{listen}' is not an address with a port such as 127.0.0.1:9464, nor unix:NAME.");
        }

        if (section.BearerToken is { } reference)
        {
            if (!SecretStore.TryGetName(reference, out string name))
            {
                Add("metrics.bearerToken", "The bearer token must be a reference such as secret:metrics, never the token itself.");
            }
            else if (!secrets.Exists(name))
            {
                problems.Add(new ConfigurationProblem("metrics.bearerToken", ErrorCatalogue.SecretNotFound.Id, $"No secret is named '{name}'."));
            }
        }
        else if (endPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address))
        {
            Add("metrics.bearerToken", $"{section.Listen} can be reached from other hosts, so scrapers must present a bearer token.");
        }

        void Add(string place, string message) => problems.Add(new ConfigurationProblem(place, ErrorCatalogue.ConfigurationInvalid.Id, message));
    }

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan)
    {
        plan.Value(Name, "listen", from.Metrics.Listen, to.Metrics.Listen);
        plan.Value(Name, "bearerToken", from.Metrics.BearerToken, to.Metrics.BearerToken);
    }

    /// <inheritdoc />
    public async Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        if (from?.Metrics == to.Metrics)
        {
            return;
        }

        await CloseAsync().ConfigureAwait(false);
        if (to.Metrics.Listen is not { } listen)
        {
            _status = new SubsystemStatus(Name, true, "off");
            return;
        }

        try
        {
            byte[]? token = SecretStore.TryGetName(to.Metrics.BearerToken, out string name) ? secrets.Read(name) : null;
            _endpoint = new MetricsEndpoint(Parse(listen)!, token, sources, logger);
            _status = new SubsystemStatus(Name, true, $"serving at {listen}");
        }
        catch (SocketException exception)
        {
            _status = new SubsystemStatus(Name, false, $"cannot listen at {listen}: {exception.Message}");
            throw new EngineException(ErrorCatalogue.PlatformLacksSupport, $"The metrics endpoint cannot listen at {listen}: {exception.Message}", listen, exception);
        }
    }

    /// <inheritdoc />
    public async Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        if (_status.InDesiredState)
        {
            return null;
        }

        string found = _status.Reason;
        try
        {
            await ApplyAsync(null, desired, cancellationToken).ConfigureAwait(false);
            return new DriftReport("MetricsRepaired", found, "it is open now", IsRepaired: true);
        }
        catch (EngineException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task RemoveAsync(CancellationToken cancellationToken) => CloseAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private EndPoint? Parse(string listen)
    {
        const string unix = "unix:";
        if (listen.StartsWith(unix, StringComparison.Ordinal))
        {
            string name = listen[unix.Length..];
            bool isPlain = name.Length > 0 && name[0] != '.' && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
            string path = Path.Combine(Path.GetDirectoryName(options.SocketPath)!, name);

            // What stands at that path is replaced, which must not be the engine's own socket.
            return isPlain && path != options.SocketPath && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes ? new UnixDomainSocketEndPoint(path) : null;
        }

        return IPEndPoint.TryParse(listen, out IPEndPoint? endPoint) && endPoint.Port != 0 ? endPoint : null;
    }

    private async Task CloseAsync()
    {
        if (_endpoint is { } endpoint)
        {
            _endpoint = null;
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }
}
