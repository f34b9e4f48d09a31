namespace Net.Workers.Overlay;

/// <summary>Replaces the model: peers, routes, policy and names, all at once.</summary>
/// <param name="Model">The model.</param>
public sealed record ReplaceModel(OverlayModel Model) : WorkerMessage;
