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

    /// <summary>A line that is refused before the engine is asked, with a message.</summary>
    public async Task RefusesAsync(string line, string message)
    {
        Assert.Equal(2, await LineAsync(line));

        Assert.Contains(message, Error, StringComparison.Ordinal);
        Assert.Empty(Engine.Requests);
    }

    /// <summary>A line that fails with an error of the catalogue.</summary>
    public async Task FailsAsync(string line, string id)
    {
        Assert.NotEqual(0, await LineAsync(line));

        Assert.Contains($"({id})", Error, StringComparison.Ordinal);
    }

    /// <summary>A line whose change is sent on top of the generation it was made for, with texts that are in the request and texts that are not.</summary>
    public async Task SendsAsync(string line, string method, string[] has, string[] hasNot)
    {
        Assert.Equal(0, await LineAsync(line));

        (string called, string request) = Engine.Requests[^1];
        Assert.Equal(method, called);
        Assert.All(has, text => Assert.Contains(text, request, StringComparison.Ordinal));
        Assert.All(hasNot, text => Assert.DoesNotContain(text, request, StringComparison.Ordinal));
        Assert.Contains("\"expectedGeneration\":3", request, StringComparison.Ordinal);
    }
}
