using System.Text.Json.Serialization;
using Net.Workers.Overlay;
using Net.Workers.Relay;

namespace Net.Workers;

/// <summary>A message between an engine and one of its workers. Both are of one release: there are no versions.</summary>
[JsonDerivedType(typeof(StartOverlay), "startOverlay")]
[JsonDerivedType(typeof(ReplaceModel), "replaceModel")]
[JsonDerivedType(typeof(PeerAuthorized), "peerAuthorized")]
[JsonDerivedType(typeof(AnswerJoin), "answerJoin")]
[JsonDerivedType(typeof(TestPeer), "testPeer")]
[JsonDerivedType(typeof(DisconnectPeer), "disconnectPeer")]
[JsonDerivedType(typeof(OpenApplicationStream), "openApplicationStream")]
[JsonDerivedType(typeof(WriteApplicationStream), "writeApplicationStream")]
[JsonDerivedType(typeof(ConsumeApplicationStream), "consumeApplicationStream")]
[JsonDerivedType(typeof(CloseApplicationStream), "closeApplicationStream")]
[JsonDerivedType(typeof(UpdateKeys), "updateKeys")]
[JsonDerivedType(typeof(StopOverlay), "stopOverlay")]
[JsonDerivedType(typeof(OverlayReady), "overlayReady")]
[JsonDerivedType(typeof(OverlayReport), "overlayReport")]
[JsonDerivedType(typeof(AuthorizePeer), "authorizePeer")]
[JsonDerivedType(typeof(JoinRequested), "joinRequested")]
[JsonDerivedType(typeof(JoinAnswered), "joinAnswered")]
[JsonDerivedType(typeof(RoutesAdvertised), "routesAdvertised")]
[JsonDerivedType(typeof(RevocationsReceived), "revocationsReceived")]
[JsonDerivedType(typeof(AuditReport), "auditReport")]
[JsonDerivedType(typeof(PeerTested), "peerTested")]
[JsonDerivedType(typeof(ApplicationStreamOpened), "applicationStreamOpened")]
[JsonDerivedType(typeof(ApplicationStreamReceived), "applicationStreamReceived")]
[JsonDerivedType(typeof(ApplicationStreamWritten), "applicationStreamWritten")]
[JsonDerivedType(typeof(ApplicationStreamClosed), "applicationStreamClosed")]
[JsonDerivedType(typeof(OverlayFailed), "overlayFailed")]
[JsonDerivedType(typeof(WorkerLog), "workerLog")]
[JsonDerivedType(typeof(StartRelay), "startRelay")]
[JsonDerivedType(typeof(ReplaceFlows), "replaceFlows")]
[JsonDerivedType(typeof(ChangeFlows), "changeFlows")]
[JsonDerivedType(typeof(StopRelay), "stopRelay")]
[JsonDerivedType(typeof(StartTrace), "startTrace")]
[JsonDerivedType(typeof(StopTrace), "stopTrace")]
[JsonDerivedType(typeof(SetLogLevel), "setLogLevel")]
[JsonDerivedType(typeof(RelayReady), "relayReady")]
[JsonDerivedType(typeof(RelayReport), "relayReport")]
[JsonDerivedType(typeof(TracedPackets), "tracedPackets")]
[JsonDerivedType(typeof(RelayRefused), "relayRefused")]
[JsonDerivedType(typeof(RelayFailed), "relayFailed")]
public abstract record WorkerMessage;

/// <summary>JSON of the messages, by source generation.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(AddressConverter), typeof(AddressPrefixConverter)])]
[JsonSerializable(typeof(WorkerMessage))]
internal sealed partial class WorkerJsonContext : JsonSerializerContext;
