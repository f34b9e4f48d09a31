using Net.Overlay.Control;

namespace Net.Overlay.Sessions;

/// <summary>One thing to be done for a peer.</summary>
/// <param name="Kind">What.</param>
/// <param name="Connection">The number of the connection it is about; a dial brings a new number.</param>
/// <param name="EndpointIndex">For a dial the endpoint's index, or -1 for the one selected at present.</param>
/// <param name="Ordinal">For a hello the ordinal to say.</param>
/// <param name="Code">For a close why.</param>
/// <param name="Reason">For a dial and a close why, as a sentence.</param>
public readonly record struct PeerAction(PeerActionKind Kind, int Connection, int EndpointIndex = -1, ulong Ordinal = 0, ControlErrorCode Code = ControlErrorCode.None, string? Reason = null);
