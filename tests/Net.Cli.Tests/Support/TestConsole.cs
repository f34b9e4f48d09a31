using Net.Cli.Hosting;

namespace Net.Cli.Tests.Support;

/// <summary>Standard streams in memory.</summary>
internal sealed class TestConsole : ICliConsole
{
    private readonly Queue<string?> _secrets = new();

    public StringWriter OutText { get; } = new() { NewLine = "\n" };

    public StringWriter ErrorText { get; } = new() { NewLine = "\n" };

    public TextWriter Out => OutText;

    public TextWriter Error => ErrorText;

    public TextReader In { get; set; } = TextReader.Null;

    public bool InIsTerminal { get; set; }

    public bool OutIsTerminal { get; set; }

    public bool ErrorIsTerminal { get; set; }

    public int? Width { get; set; }

    public int Height { get; set; } = 24;

    public bool UseColor { get; set; }

    public List<string> Prompts { get; } = [];

    public void Type(params string?[] lines) => Array.ForEach(lines, _secrets.Enqueue);

    public string? ReadSecret(string prompt)
    {
        Prompts.Add(prompt);
        return _secrets.Count > 0 ? _secrets.Dequeue() : null;
    }
}
