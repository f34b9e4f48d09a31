using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Commands;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Hosting;

/// <summary>One run of a command: its arguments, its output and its connection.</summary>
internal sealed class CliCall(CliServices services, ParseResult parse, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly GlobalOptions _globals = ((CliRoot)parse.RootCommandResult.Command).Globals;
    private IEngineConnection? _connection;

    /// <summary>The world.</summary>
    public CliServices Services => services;

    /// <summary>The parsed command line.</summary>
    public ParseResult Parse => parse;

    /// <summary>Cancelled by Ctrl+C and SIGTERM.</summary>
    public CancellationToken Token => cancellationToken;

    /// <summary>The standard streams.</summary>
    public ICliConsole Console => services.Console;

    /// <summary>Standard output.</summary>
    public TextWriter Out => services.Console.Out;

    /// <summary>Whether the output is JSON.</summary>
    public bool Json => parse.GetValue(_globals.Output) == OutputFormat.Json;

    /// <summary>The socket named on the command line, or null.</summary>
    public string? Socket => parse.GetValue(_globals.Socket);

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => parse.GetValue(argument)!;

    /// <summary>The values of an argument; none when it is not there.</summary>
    public T[] Get<T>(Argument<T[]> argument) => parse.GetValue(argument) ?? [];

    /// <summary>Whether an option stands on the command line.</summary>
    public bool Has(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>The connection to the engine, opened at the first call.</summary>
    public async Task<IEngineConnection> EngineAsync() =>
        _connection ??= await services.ConnectAsync(Socket, cancellationToken);

    /// <summary>Calls the engine.</summary>
    public async Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request)
    {
        IEngineConnection engine = await EngineAsync();
        return await engine.CallAsync(method, request, cancellationToken);
    }

    /// <summary>Calls the engine for a stream.</summary>
    public async Task<IAsyncEnumerable<TItem>> StreamAsync<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request)
    {
        IEngineConnection engine = await EngineAsync();
        return engine.StreamAsync(method, request, cancellationToken);
    }

    /// <summary>Writes a value as indented JSON.</summary>
    public int WriteJson<T>(T value, JsonTypeInfo<T> info, int exitCode = ExitCodes.Ok)
    {
        JsonOutput.Write(Out, value, info);
        return exitCode;
    }

    /// <summary>Writes a list: an array of JSON, or a table.</summary>
    public int WriteList<T>(T[] items, JsonTypeInfo<T[]> info, params TableColumn<T>[] columns)
    {
        if (Json)
        {
            return WriteJson(items, info);
        }

        Table.Write(Out, items, columns, Console.Width, Console.UseColor);
        return ExitCodes.Ok;
    }

    /// <summary>Writes a line of text.</summary>
    public int WriteLine(string text, int exitCode = ExitCodes.Ok)
    {
        Out.WriteLine(text);
        return exitCode;
    }

    /// <summary>A time as tables show it.</summary>
    public string? Show(DateTimeOffset? time) => Text.Time(time, services.TimeZone);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
