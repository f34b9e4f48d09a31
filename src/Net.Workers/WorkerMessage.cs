using System.Text.Json.Serialization;
using Net.Workers.Overlay;

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
public abstract record WorkerMessage;

/// <summary>JSON of the messages, by source generation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerMessage))]
internal sealed partial class WorkerJsonContext : JsonSerializerContext;
