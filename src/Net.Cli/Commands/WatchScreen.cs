using System.Text;
using System.Threading.Channels;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The live view of <c>netmod watch</c>: a table of paths above the newest events, redrawn when something changes, at most ten times a second.</summary>
internal sealed class WatchScreen(CliCall call)
{
    private const int KeptEvents = 200;

    private readonly SortedDictionary<string, NetPath> _paths = new(StringComparer.Ordinal);
    private readonly LinkedList<EngineEvent> _events = new();

    /// <summary>Draws until the stream ends.</summary>
    public Task RunAsync(ChannelReader<WatchItem> changes) => LiveScreen.RunAsync(call, changes, Take, Picture);

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

    private string Picture()
    {
        int width = call.Console.Width ?? 80;
        int height = call.Console.Height;
        var text = new StringWriter(new StringBuilder());
        text.WriteLine($"netmod watch  {call.Show(call.Services.Time.GetUtcNow())}  Ctrl+C ends");
        text.WriteLine();
        Table.Write(text, [.. _paths.Values], PathColumns.Paths(), width, call.Console.UseColor);
        text.WriteLine();
        Table.Write(text, [.. _events.Take(Math.Max(1, height - _paths.Count - 6))], EventColumns.Events(call.Services.TimeZone), width, call.Console.UseColor);
        return text.ToString();
    }
}
