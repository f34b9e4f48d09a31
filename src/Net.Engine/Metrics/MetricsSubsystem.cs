using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Reconciling;
using Net.Engine.Secrets;

namespace Net.Engine.Metrics;

/// <summary>Opens and closes the metrics endpoint as the document says.</summary>
internal sealed class MetricsSubsystem(EngineOptions options, SecretStore secrets, IReadOnlyList<IMetricSource> sources, ILogger<MetricsSubsystem> logger)
    : ISection, IAsyncDisposable
{
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
            Func<byte[]?>? token = to.Metrics.BearerToken is null ? null : () => SecretStore.TryGetName(to.Metrics.BearerToken, out string name) ? secrets.Read(name) : null;
            _endpoint = new MetricsEndpoint(Parse(listen) ?? throw new SocketException((int)SocketError.AddressNotAvailable), token, sources, logger);
            _status = new SubsystemStatus(Name, true, $"serving at {listen}");
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
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
            string socket = Path.Combine(Path.GetDirectoryName(options.SocketPath)!, name);

            // A path of a Unix socket has at most 107 bytes (sun_path); and the engine's own place is taken.
            bool isPlain = name.Length > 0 && name[0] != '.' && socket != options.SocketPath && System.Text.Encoding.UTF8.GetByteCount(socket) <= 107 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
            return isPlain ? new UnixDomainSocketEndPoint(socket) : null;
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
