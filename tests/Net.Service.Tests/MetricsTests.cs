using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Net.Client;
using Net.Contracts;
using Net.Service.Tests.Agent;

namespace Net.Service.Tests;

/// <summary>The metrics endpoint, scraped over real HTTP.</summary>
public sealed partial class MetricsTests(MetricsEngine engine) : IClassFixture<MetricsEngine>, IAsyncLifetime
{
    private const string Address = "127.0.0.1:9464";
    private const string Request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Each test begins with an engine that listens nowhere and has no rules.
    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        await ListenAsync(new MetricsSection());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_is_off_until_the_document_says_where_to_listen()
    {
        Assert.Equal("refused", await engine.Agent.ExchangeAsync(Address, Request + "\r\n"));

        await ListenAsync(new MetricsSection { Listen = Address });
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await engine.Agent.ExchangeAsync(Address, Request + "\r\n"), StringComparison.Ordinal);

        await ListenAsync(new MetricsSection());
        Assert.Equal("refused", await engine.Agent.ExchangeAsync(Address, Request + "\r\n"));
    }

    [Fact]
    public async Task What_it_serves_is_prometheus_text_with_the_counts_of_the_rules()
    {
        await Kernel.IpAsync(engine.Node, "route add default via 10.1.0.2");
        await ListenAsync(new MetricsSection { Listen = Address }, Rules.BlockTcp("a", 1001));
        await Wait.UntilAsync("a measured path", async () =>
            (await engine.Client.CallAsync(EngineApi.PathsList, new ListPaths(), Token)).Any(path => path.RoundTripTime is not null));

        string answer = await engine.Agent.ExchangeAsync(Address, Request + "\r\n");

        (string head, string body) = Split(answer);
        Assert.Contains("Content-Type: text/plain; version=0.0.4", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(body)}", head, StringComparison.Ordinal);
        AssertIsPrometheusText(body);
        long id = Assert.Single(await engine.Client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token)).Id;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"netmod_firewall_rule_packets_total{{rule=\"{id}\"}} 0\n"), body, StringComparison.Ordinal);
        Assert.Contains("netmod_path_rtt_seconds{path=\"eth0/10.1.0.2\"}", body, StringComparison.Ordinal);
        Assert.Contains("netmod_section_in_desired_state{section=\"firewall\"} 1\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_bearer_token_only_those_who_present_it_get_an_answer()
    {
        await engine.Client.CallAsync(EngineApi.SecretsSet, new SetSecret("scrape", "correct-horse-battery"), Token);
        await ListenAsync(new MetricsSection { Listen = "10.1.0.1:9464", BearerToken = "secret:scrape" });

        Assert.StartsWith("HTTP/1.1 401 ", await engine.Agent.ExchangeAsync("10.1.0.1:9464", Request + "\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await engine.Agent.ExchangeAsync("10.1.0.1:9464", Request + "Authorization: Bearer wrong\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await engine.Agent.ExchangeAsync("10.1.0.1:9464", Request + "authorization: bearer correct-horse-battery\r\n\r\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse-battery", engine.Process.Log, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(engine.Folder.State, "generations")))
        {
            Assert.DoesNotContain("correct-horse-battery", await File.ReadAllTextAsync(file, Token), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("10.1.0.1:9464")]
    [InlineData("0.0.0.0:9464")]
    [InlineData("unix:engine.sock")]
    [InlineData("unix:../state/current.json")]
    [InlineData("unix:")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Places_that_are_open_to_others_or_taken_are_refused(string listen)
    {
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => ListenAsync(new MetricsSection { Listen = listen }));

        Assert.Equal(ErrorCatalogue.ConfigurationInvalid.Id, refused.ErrorId);
        Assert.Equal(EngineState.Ready, (await engine.Client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).State);
    }

    [Fact]
    public async Task A_port_that_is_taken_fails_the_whole_change()
    {
        // An agent of its own, which lets go of the port with the test.
        await using LabAgent holder = await LabAgent.StartAsync(engine.Node);
        await holder.ListenAsync("tcp", Address);

        await Assert.ThrowsAsync<EngineException>(() => ListenAsync(new MetricsSection { Listen = Address }, Rules.BlockTcp("a", 1001)));

        Assert.Equal(string.Empty, await Kernel.TableAsync(engine.Node));
        Assert.Empty(await engine.Client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token));
    }

    [Fact]
    public async Task It_answers_over_a_unix_socket_beside_the_engines_own()
    {
        using var folder = new EngineFolder();
        await using EngineProcess own = await EngineProcess.StartAsync(engine.Node, folder);
        await ListenAsync(await own.ConnectAsync(), new MetricsSection { Listen = "unix:metrics.sock" });
        string path = Path.Combine(folder.SocketFolder, "metrics.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), Token);

        string answer = await RawHttp.ExchangeAsync(socket, Encoding.UTF8.GetBytes(Request + "\r\n"), Token);

        AssertIsPrometheusText(Split(answer).Body);
        Assert.Equal(0, await own.StopAsync());
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "404")]
    [InlineData("POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "404")]
    [InlineData("GET /metrics HTTP/2\r\n\r\n", "400")]
    [InlineData("\u0000\u0001\r\n\r\n", "400")]
    public async Task Anything_else_is_refused_in_one_line(string request, string status)
    {
        await ListenAsync(new MetricsSection { Listen = Address });

        Assert.StartsWith($"HTTP/1.1 {status} ", await engine.Agent.ExchangeAsync(Address, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oversize_heads_and_slow_clients_do_not_keep_others_from_scraping()
    {
        await ListenAsync(new MetricsSection { Listen = Address });

        string oversize = await engine.Agent.ExchangeAsync(Address, Request + "X-Padding: " + new string('x', 32 * 1024) + "\r\n\r\n");
        Assert.DoesNotContain("200 OK", oversize, StringComparison.Ordinal);

        // Every place taken by somebody who never ends his request, and one more who does.
        Task<string>[] slow = [.. Enumerable.Range(0, 8).Select(_ => engine.Agent.ExchangeAsync(Address, Request))];
        string answer = await engine.Agent.ExchangeAsync(Address, Request + "\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(slow), text => Assert.DoesNotContain("200 OK", text, StringComparison.Ordinal));
    }

    private static (string Head, string Body) Split(string answer)
    {
        int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..end], answer[(end + 4)..]);
    }

    // The grammar of "Exposition formats", version 0.0.4: every sample's metric is declared before it, once, and no series stands twice.
    private static void AssertIsPrometheusText(string body)
    {
        Assert.EndsWith("\n", body, StringComparison.Ordinal);
        var types = new HashSet<string>();
        var series = new HashSet<string>();
        foreach (string line in body.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                continue;
            }

            if (Type().Match(line) is { Success: true } type)
            {
                Assert.True(types.Add(type.Groups[1].Value), $"{type.Groups[1].Value} is declared twice");
                continue;
            }

            Match sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(sample.Groups[1].Value, types);
            Assert.True(series.Add(line[..line.LastIndexOf(' ')]), line);
        }

        Assert.NotEmpty(series);
    }

    [GeneratedRegex("^# TYPE (netmod_[a-z_]+) (counter|gauge)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(netmod_[a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.E+-]+$""")]
    private static partial Regex Sample();

    private static Task<ChangeOutcome> ListenAsync(EngineClient client, MetricsSection metrics, params FirewallRule[] rules) => client.CallAsync(
        EngineApi.ConfigurationApply, new ApplyConfiguration(new NetConfiguration { Metrics = metrics, Firewall = new FirewallSection { Rules = rules } }), Token);

    private Task<ChangeOutcome> ListenAsync(MetricsSection metrics, params FirewallRule[] rules) => ListenAsync(engine.Client, metrics, rules);
}
