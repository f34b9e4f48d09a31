using Net.Cli.Hosting;

namespace Net.Cli.Output;

/// <summary>Progress of long work: one line on standard error that is written over, only when that is a terminal.</summary>
internal sealed class Progress(ICliConsole console, string work) : IDisposable
{
    private int _longest;

    /// <summary>Says how far it is.</summary>
    public void Report(string state)
    {
        if (!console.ErrorIsTerminal)
        {
            return;
        }

        string line = $"{work}: {Text.Printable(state)}";
        console.Error.Write($"\r{line.PadRight(_longest)}");
        _longest = Math.Max(_longest, line.Length);
    }

    /// <summary>Takes the line away again.</summary>
    public void Dispose()
    {
        if (_longest > 0)
        {
            console.Error.Write($"\r{new string(' ', _longest)}\r");
        }
    }
}
