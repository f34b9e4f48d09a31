namespace Net.Benchmarks.Overlay;

/// <summary>What this program is when the benchmarks start it again inside a namespace.</summary>
internal static class HiddenModes
{
    /// <summary>Runs the mode the arguments name.</summary>
    /// <returns>The exit code; null when they name none.</returns>
    public static int? TryRun(string[] arguments) => arguments switch
    {
        [UdpLoad.SendMode, .. string[] words] when words.Length == 6 => UdpLoad.Send(words),
        [UdpLoad.CountMode, .. string[] words] when words.Length == 4 => UdpLoad.Count(words),
        [ImpairmentRelay.Mode, .. string[] words] when words.Length == 8 => ImpairmentRelay.Run(words),
        [SessionFarm.Mode, .. string[] words] when words.Length == 5 => SessionFarm.Run(words),
        [PacketFuzz.Mode, .. string[] words] when words.Length == 2 => PacketFuzz.Run(words),
        _ => null,
    };
}
