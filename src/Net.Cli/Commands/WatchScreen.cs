using System.Text;
using System.Threading.Channels;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The live view of <c>netmod watch</c>: a table of paths above the newest events, redrawn when something changes, at most ten times a second.</summary>
internal sealed class WatchScreen(CliCall call)
{
    private const string EnterScreen = "\x1b[?1049h\x1b[?25l";
    private const string LeaveScreen = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string ClearLine = "\x1b[K";
    private const string ClearBelow = "\x1b[J";
    private const int KeptEvents = 200;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly SortedDictionary<string, NetPath> _paths = new(StringComparer.Ordinal);
    private readonly LinkedList<EngineEvent> _events = new();

    /// <summary>Draws until the stream ends, and always gives the terminal back as it was.</summary>
    public async Task RunAsync(ChannelReader<WatchItem> changes)
    {
        call.Out.Write(EnterScreen);
        try
        {
            Draw();
            while (await changes.WaitToReadAsync(call.Token))
            {
                while (changes.TryRead(out WatchItem? item))
                {
                    Take(item);
                }

                Draw();
                await Task.Delay(ShortestPause, call.Services.Time, call.Token);
            }

            await changes.Completion;
        }
        finally
        {
            call.Out.Write(LeaveScreen);
            call.Out.Flush();
        }
    }

    private void Take(WatchItem item)
    {
        if (item.Path is { Kind: PathChangeKind.Removed } removed)
        {
            _paths.Remove(removed.Path.PathId);
        }
        else if (item.Path is { } change)
        {
            _paths[change.Path.PathId] = change.Path;
        }

        if (item.Event is { } happened)
        {
            _events.AddFirst(happened);
            if (_events.Count > KeptEvents)
            {
                _events.RemoveLast();
            }
        }
    }

    private void Draw()
    {
        int width = call.Console.Width ?? 80;
        int height = call.Console.Height;
        var text = new StringWriter(new StringBuilder());
        text.WriteLine($"netmod watch  {call.Show(call.Services.Time.GetUtcNow())}  Ctrl+C ends");
        text.WriteLine();
        Table.Write(text, [.. _paths.Values], PathColumns.Paths(), width, call.Console.UseColor);
        text.WriteLine();
        Table.Write(text, [.. _events.Take(Math.Max(1, height - _paths.Count - 6))], EventColumns.Events(call.Services.TimeZone), width, call.Console.UseColor);

        // Line by line over the old picture: clearing first would flicker.
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');
        call.Out.Write(Home);
        for (int i = 0; i < Math.Min(lines.Length, height - 1); i++)
        {
            call.Out.Write(lines[i]);
            call.Out.Write(ClearLine);
            call.Out.Write("\r\n");
        }

        call.Out.Write(ClearBelow);
        call.Out.Flush();
    }
}
