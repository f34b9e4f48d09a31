using Net.Contracts;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Identity;

namespace Net.Engine.Tests.Overlay;

/// <summary>Small overlays for tests.</summary>
internal static class OverlayKit
{
    public static Net.Contracts.Overlay Home() => new() { Name = "home" };

    public static OverlayPeer Peer(string name, string key) => new() { Name = name, PublicKey = key, Endpoints = ["192.0.2.1:47900"] };

    /// <summary>A key nobody else has.</summary>
    public static string Key(EngineRig rig) => PublicKeyText.Format(IdentityStore.NewKey(rig.OverlayHost.Crypto).PublicKey);

    public static Task<OverlaysChanged> Create(EngineRig rig, Net.Contracts.Overlay overlay, ChangeOptions? options = null) =>
        rig.Overlays.CreateAsync(EngineRig.Admin, new CreateOverlays([overlay], options), EngineRig.Token);

    /// <summary>An overlay with one peer whose worker runs.</summary>
    public static async Task<(FakeWorker Worker, string Key)> StartWithBob(EngineRig rig, Func<Net.Contracts.Overlay, Net.Contracts.Overlay>? change = null)
    {
        string key = Key(rig);
        Net.Contracts.Overlay overlay = Home() with { Peers = [Peer("bob", key)] };
        await Create(rig, change?.Invoke(overlay) ?? overlay);
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();
        await rig.EventAsync("OverlayWorkerStarted");
        return (worker, key);
    }
}
