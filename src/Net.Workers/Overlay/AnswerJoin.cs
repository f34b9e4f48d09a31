namespace Net.Workers.Overlay;

/// <summary>The answer to <see cref="JoinRequested"/>, passed on to the node that asked.</summary>
/// <param name="RequestId">The question's number.</param>
/// <param name="Reply">The protocol's frame with the join reply, whole.</param>
/// <param name="IsLast">Whether the session ends after it; a pending join stays for the decision.</param>
public sealed record AnswerJoin(long RequestId, byte[] Reply, bool IsLast) : WorkerMessage;
