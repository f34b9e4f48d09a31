using System.Threading.Channels;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary>A view that is drawn over and over on a terminal's second screen.</summary>
internal static class LiveScreen
{
    private const string EnterScreen = "\x1b[?1049h\x1b[?25l";
    private const string LeaveScreen = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string ClearLine = "\x1b[K";
    private const string ClearBelow = "\x1b[J";
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Draws at once and whenever items came, at most ten times a second, until there are no more. Always gives the terminal back as it was.</summary>
    /// <param name="call">The call.</param>
    /// <param name="items">What changes.</param>
    /// <param name="take">Takes an item in.</param>
    /// <param name="picture">The text to show; lines beyond the terminal's height are left out.</param>
    public static async Task RunAsync<T>(CliCall call, ChannelReader<T> items, Action<T> take, Func<string> picture)
    {
        call.Out.Write(EnterScreen);
        try
        {
            Draw(call, picture());
            while (await items.WaitToReadAsync(call.Token))
            {
                while (items.TryRead(out T? item))
                {
                    take(item);
                }

                Draw(call, picture());
                await Task.Delay(ShortestPause, call.Services.Time, call.Token);
            }

            await items.Completion;
        }
        finally
        {
            call.Out.Write(LeaveScreen);
            call.Out.Flush();
        }
    }

    private static void Draw(CliCall call, string text)
    {
        // Line by line over the old picture: clearing first would flicker.
        string[] lines = text.TrimEnd('\n').Split('\n');
        call.Out.Write(Home);
        for (int i = 0; i < Math.Min(lines.Length, call.Console.Height - 1); i++)
        {
            call.Out.Write(lines[i]);
            call.Out.Write(ClearLine);
            call.Out.Write("\r\n");
        }

        call.Out.Write(ClearBelow);
        call.Out.Flush();
    }
}
