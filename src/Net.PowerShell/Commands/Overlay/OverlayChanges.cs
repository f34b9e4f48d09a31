using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The transactions on overlays that exist.</summary>
internal static class OverlayChanges
{
    /// <summary>Replaces overlays by what <paramref name="change"/> makes of them.</summary>
    public static async Task<(Overlay[] Items, ChangeOutcome Outcome)> SetAsync(
        IReadOnlyList<Wanted> wanted, Func<Overlay, int, Overlay> change, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlaysChanged changed = await Edit.CommitAsync(
            OverlayKinds.Overlay,
            wanted,
            change,
            options,
            (overlays, guarded, token) => engine.CallAsync(EngineApi.OverlaySet, new SetOverlays(overlays, guarded), token),
            engine,
            cancellationToken);
        return (changed.Overlays, changed.Outcome);
    }

    /// <summary>Removes overlays.</summary>
    public static async Task<(Overlay[] Items, ChangeOutcome Outcome)> RemoveAsync(
        IReadOnlyList<Wanted> wanted, ChangeOptions options, IEngineCaller engine, CancellationToken cancellationToken)
    {
        var request = new RemoveOverlays([.. wanted.Select(one => one.Name)], options);
        OverlaysChanged changed = await engine.CallAsync(EngineApi.OverlayRemove, request, cancellationToken);
        return (changed.Overlays, changed.Outcome);
    }
}
