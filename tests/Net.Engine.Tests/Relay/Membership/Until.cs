using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>Waits for an outcome that another thread or the kernel brings about.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<TimeSpan> TrueAsync(Func<bool> outcome, [CallerArgumentExpression(nameof(outcome))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!outcome())
        {
            Assert.True(watch.Elapsed < Limit, $"did not become true within {Limit.TotalSeconds} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return watch.Elapsed;
    }
}
