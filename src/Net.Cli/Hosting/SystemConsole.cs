using System.Text;

namespace Net.Cli.Hosting;

/// <summary>The process's own standard streams. Nothing is opened before it is used: most of a command's start is spent in what it touches.</summary>
internal sealed class SystemConsole : ICliConsole, IDisposable
{
    private const int OutputBufferChars = 16 * 1024;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private TextWriter? _out;
    private TextWriter? _error;

    /// <inheritdoc />
    public TextWriter Out => _out ??= new StreamWriter(Console.OpenStandardOutput(), Utf8, OutputBufferChars);

    /// <inheritdoc />
    public TextWriter Error => _error ??= new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true };

    /// <inheritdoc />
    public TextReader In => Console.In;

    /// <inheritdoc />
    public bool InIsTerminal => !Console.IsInputRedirected;

    /// <inheritdoc />
    public bool OutIsTerminal => !Console.IsOutputRedirected;

    /// <inheritdoc />
    public bool ErrorIsTerminal => !Console.IsErrorRedirected;

    /// <inheritdoc />
    public int? Width => OutIsTerminal && Console.WindowWidth is > 0 and int width ? width : null;

    /// <inheritdoc />
    public int Height => OutIsTerminal && Console.WindowHeight is > 0 and int height ? height : 24;

    /// <inheritdoc />
    public bool UseColor => OutIsTerminal
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <inheritdoc />
    public string? ReadSecret(string prompt)
    {
        Error.Write(prompt);
        var line = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Error.WriteLine();
                return line.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && line.Length == 0)
            {
                Error.WriteLine();
                return null;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
            }
        }
    }

    /// <summary>Writes out what is buffered.</summary>
    public void Dispose()
    {
        _out?.Dispose();
        _error?.Dispose();
    }
}
