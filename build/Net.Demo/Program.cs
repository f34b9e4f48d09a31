using System.Diagnostics;
using Net.Lab;

namespace Net.Demo;

/// <summary>Shows the product at work: a lab of namespaces, the real engine in its router, the real CLI in front.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["serve", var ports])
        {
            return await TcpProbe.ServeAsync(ports).ConfigureAwait(false);
        }

        if (arguments is ["connect", var host, var port])
        {
            return await TcpProbe.ConnectAsync(host, port).ConfigureAwait(false);
        }

        bool keep = arguments.Contains("--keep");
        if (arguments.FirstOrDefault(argument => argument != "--keep") is { } unknown)
        {
            await Console.Error.WriteLineAsync($"demo: '{unknown}' is not known; it takes --keep.").ConfigureAwait(false);
            return 2;
        }

        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            await Console.Error.WriteLineAsync("demo: network namespaces need Linux and root; run it with sudo.").ConfigureAwait(false);
            return 1;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };

        var watch = Stopwatch.StartNew();
        try
        {
            var scene = new Scene(keep);
            await using (scene.ConfigureAwait(false))
            {
                await scene.RunAsync(stop.Token).ConfigureAwait(false);
                scene.Summary.Print(watch.Elapsed);
            }

            return 0;
        }
        catch (Exception exception) when (exception is DemoException or LabException or TimeoutException or OperationCanceledException or System.Text.Json.JsonException)
        {
            await Console.Error.WriteLineAsync($"demo: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
