using System.Diagnostics;

namespace Net.Service.Tests;

/// <summary>Waiting for what another process or the kernel does.</summary>
internal static class Wait
{
    /// <summary>Ten times what anything here may take on an idle machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until a condition holds; fails with what was seen last.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> UntilAsync(string what, Func<Task<(bool IsSo, object? Seen)>> look)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var timer = new PeriodicTimer(LookInterval);
        var time = Stopwatch.StartNew();
        while (true)
        {
            (bool isSo, object? seen) = await look();
            if (isSo)
            {
                return time.Elapsed;
            }

            Assert.True(time.Elapsed < Patience, $"Waited {Patience.TotalSeconds:0} s: {what}. Seen last: {seen}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public static Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> look) =>
        UntilAsync(what, async () => (await look(), (object?)null));
}
