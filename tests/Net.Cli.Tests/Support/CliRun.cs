using Net.Cli.Hosting;
using Net.Testing;

namespace Net.Cli.Tests.Support;

/// <summary>Runs command lines against a fake world.</summary>
internal sealed class CliRun
{
    public TestConsole Console { get; } = new();

    public FakeEngine Engine { get; } = new();

    public FakeHost Host { get; } = new();

    public FakeLabs Labs { get; } = new();

    public FakeTraffic Traffic { get; } = new();

    public ManualTimeProvider Time { get; } = new(Samples.Time);

    public string Out => Console.OutText.ToString();

    public string Error => Console.ErrorText.ToString();

    public CancellationTokenSource Cancellation { get; } = new();

    public Func<string?, CancellationToken, Task<IEngineConnection>>? Connect { get; set; }

    public CliServices Services => new()
    {
        Console = Console,
        ConnectAsync = Connect ?? ((socket, _) =>
        {
            Engine.Connections++;
            Engine.Socket = socket;
            return Task.FromResult<IEngineConnection>(Engine);
        }),
        Time = Time,
        TimeZone = TimeZoneInfo.Utc,
        Programs = () => Host,
        Labs = () => Labs,
        Traffic = () => Traffic,
    };

    public Task<int> RunAsync(params string[] args) => CliRunner.RunAsync(args, Services, Cancellation.Token);

    /// <summary>Splits at spaces, as a line without quotes.</summary>
    public Task<int> LineAsync(string line) => RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
