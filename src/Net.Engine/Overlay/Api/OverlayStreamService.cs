using System.Globalization;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Overlay.Streams;

namespace Net.Engine.Overlay.Api;

/// <summary>Serves the API of messages and streams between applications of nodes.</summary>
internal sealed class OverlayStreamService(OverlaySubsystem overlays, OverlayService service)
{
    private const int MaxProtocolCharacters = 64;

    /// <summary>Sends a message; answers when the peer's engine has given it to an application.</summary>
    public async Task<Done> SendMessageAsync(SendOverlayMessage request, CancellationToken cancellationToken)
    {
        if (request.Topic.Length is 0 or > MessageFrame.MaxTopicCharacters || System.Text.Encoding.UTF8.GetByteCount(request.Topic) > byte.MaxValue)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"A topic has 1 to {MessageFrame.MaxTopicCharacters} characters.", "topic");
        }

        byte[] data = DataOf(request.Data);
        (OverlayRuntime runtime, EffectivePeer peer) = Connected(request.Overlay, request.Peer);
        ApplicationStream stream = await runtime.Streams.OpenAsync(runtime.IndexOf(peer), peer.Name, MessageFrame.Protocol, cancellationToken).ConfigureAwait(false);
        await OverlayMessages.SendAsync(runtime.Streams, stream, request.Topic, data, cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Streams messages as they come.</summary>
    public IAsyncEnumerable<OverlayMessage> ReceiveMessagesAsync(ReceiveOverlayMessages request, CancellationToken cancellationToken)
    {
        if (request.Overlay is { } name && NameFilter.IsLiteral(name))
        {
            _ = service.Get(name);
        }

        return overlays.Messages.ReceiveAsync(request, cancellationToken);
    }

    /// <summary>Opens a stream.</summary>
    public async Task<OverlayStream> OpenAsync(OpenOverlayStream request, CancellationToken cancellationToken)
    {
        RefuseProtocol(request.Protocol);
        (OverlayRuntime runtime, EffectivePeer peer) = Connected(request.Overlay, request.Peer);
        return Public(runtime, await runtime.Streams.OpenAsync(runtime.IndexOf(peer), peer.Name, request.Protocol, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Waits for a stream a peer opens.</summary>
    public async Task<OverlayStream> AcceptAsync(AcceptOverlayStream request, CancellationToken cancellationToken)
    {
        RefuseProtocol(request.Protocol);
        OverlayRuntime runtime = overlays.Running(service.Get(request.Overlay).Name);
        return Public(runtime, await runtime.Streams.AcceptAsync(request.Protocol, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sends over a stream.</summary>
    public async Task<Done> WriteAsync(WriteOverlayStream request, CancellationToken cancellationToken)
    {
        byte[] data = DataOf(request.Data);
        (OverlayRuntime runtime, ApplicationStream stream) = Find(request.Id);
        await runtime.Streams.WriteAsync(stream, data, request.IsFinal, cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Receives from a stream.</summary>
    public async IAsyncEnumerable<OverlayStreamData> ReadAsync(ReadOverlayStream request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (OverlayRuntime runtime, ApplicationStream stream) = Find(request.Id);
        await foreach ((byte[] data, bool isFinal) in runtime.Streams.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            yield return new OverlayStreamData(Convert.ToBase64String(data), isFinal);
        }
    }

    /// <summary>Ends a stream.</summary>
    public Done Close(CloseOverlayStream request)
    {
        (OverlayRuntime runtime, ApplicationStream stream) = Find(request.Id);
        runtime.Streams.Close(stream);
        return new Done();
    }

    private static void RefuseProtocol(string protocol)
    {
        if (protocol.Length is 0 or > MaxProtocolCharacters || protocol == MessageFrame.Protocol)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"A protocol's name has 1 to {MaxProtocolCharacters} characters and is not '{MessageFrame.Protocol}'.", "protocol");
        }
    }

    private static byte[] DataOf(string base64)
    {
        byte[] data;
        try
        {
            data = Convert.FromBase64String(base64);
        }
        catch (FormatException exception)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "The data is not base64.", "data", exception);
        }

        return data.Length <= MessageFrame.MaxDataBytes ? data
            : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The data has {data.Length} bytes; at most {MessageFrame.MaxDataBytes} are taken.", "data");
    }

    private static OverlayStream Public(OverlayRuntime runtime, ApplicationStream stream) => new(
        string.Create(CultureInfo.InvariantCulture, $"{runtime.Settings.Name}/{stream.Id}"), runtime.Settings.Name, stream.Peer, stream.Protocol);

    private (OverlayRuntime Runtime, EffectivePeer Peer) Connected(string overlay, string name)
    {
        OverlayRuntime runtime = overlays.Running(service.Get(overlay).Name);
        EffectivePeer peer = runtime.View.FindPeer(name)
            ?? throw new EngineException(ErrorCatalogue.OverlayPeerNotFound, $"No peer of overlay '{overlay}' is named '{name}'.", name);
        OverlayPeer now = runtime.Describe(peer);
        return now.State == OverlayPeerState.Up && peer.PublicKey is not null ? (runtime, peer)
            : throw new EngineException(ErrorCatalogue.OverlayPeerNotConnected, $"There is no session with '{name}': {now.StateReason}.", name);
    }

    private (OverlayRuntime Runtime, ApplicationStream Stream) Find(string id)
    {
        int slash = id.LastIndexOf('/');
        return slash > 0
            && overlays.Runtimes.TryGetValue(id[..slash], out OverlayRuntime? runtime)
            && long.TryParse(id.AsSpan(slash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && runtime.Streams.Find(number) is { } stream
            ? (runtime, stream)
            : throw new EngineException(ErrorCatalogue.OverlayStreamNotFound, $"No stream has the id '{id}'.", id);
    }
}
