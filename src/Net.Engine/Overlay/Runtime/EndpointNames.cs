using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Net.Engine.Overlay.Runtime;

/// <summary>Looks up the names in peers' endpoints, away from everything that must not wait. Old answers stay until there are new ones.</summary>
internal sealed class EndpointNames(IOverlayHost host, TimeProvider clock, Action changed) : IDisposable
{
    private static readonly TimeSpan AnswersAreFreshFor = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private ImmutableDictionary<string, string[]> _resolved = ImmutableDictionary<string, string[]>.Empty;
    private ImmutableDictionary<string, long> _asked = ImmutableDictionary<string, long>.Empty;

    /// <summary>What is known: <c>host:port</c> to <c>address:port</c> texts.</summary>
    public IReadOnlyDictionary<string, string[]> Resolved => _resolved;

    /// <summary>Asks for what is not known, or was asked for a while ago.</summary>
    /// <param name="endpoints">Endpoints of peers; those that are addresses need nothing.</param>
    /// <param name="refresh">Whether answers that are there are asked for anew, because they did not help.</param>
    public void Want(IEnumerable<string> endpoints, bool refresh)
    {
        List<string> names = [];
        lock (_gate)
        {
            foreach (string endpoint in endpoints.Where(endpoint => !IPEndPoint.TryParse(endpoint, out _)).Distinct())
            {
                bool isKnown = _asked.TryGetValue(endpoint, out long asked);
                if (!isKnown || ((refresh || !_resolved.ContainsKey(endpoint)) && clock.GetElapsedTime(asked) >= AnswersAreFreshFor))
                {
                    _asked = _asked.SetItem(endpoint, clock.GetTimestamp());
                    names.Add(endpoint);
                }
            }
        }

        if (names.Count > 0 && !_stop.IsCancellationRequested)
        {
            _ = Task.Run(() => ResolveAsync(names));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Cancel();

    private async Task ResolveAsync(List<string> names)
    {
        bool isChanged = false;
        foreach (string endpoint in names)
        {
            int colon = endpoint.LastIndexOf(':');
            IPAddress[] addresses;
            try
            {
                addresses = await host.ResolveAsync(endpoint[..colon], _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
            {
                continue;
            }

            int port = int.Parse(endpoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            string[] texts = [.. addresses.Select(address => new IPEndPoint(address, port).ToString())];
            lock (_gate)
            {
                if (texts.Length > 0 && !(_resolved.TryGetValue(endpoint, out string[]? before) && before.AsSpan().SequenceEqual(texts)))
                {
                    _resolved = _resolved.SetItem(endpoint, texts);
                    isChanged = true;
                }
            }
        }

        if (isChanged && !_stop.IsCancellationRequested)
        {
            changed();
        }
    }
}
