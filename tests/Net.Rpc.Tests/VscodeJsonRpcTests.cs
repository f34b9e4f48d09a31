using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Net.Rpc.Transport;

namespace Net.Rpc.Tests;

/// <summary>An independent implementation, npm's vscode-jsonrpc, as the client of a real server over a Unix socket.</summary>
public sealed class VscodeJsonRpcTests
{
    private static readonly RpcParameter<int> s_a = RpcParameter.Value("a", CamelJson.Default.Int32);
    private static readonly RpcParameter<int> s_b = RpcParameter.Value("b", CamelJson.Default.Int32);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_independent_client_gets_the_answers_it_expects()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The client connects to a Unix socket.");
        Assert.SkipUnless(await RunAsync("npm", ["--version"]) is not null && await RunAsync("node", ["--version"]) is not null, "node or npm is not installed.");
        string folder = await InstallAsync();
        string path = Path.Combine(Path.GetTempPath(), $"net-rpc-{Guid.NewGuid():N}.sock");
        await using var server = new RpcServer(CreateDispatcher());
        using Socket listener = UnixSocketTransport.Listen(path);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task accepting = server.RunAsync(token => UnixSocketTransport.AcceptAsync(listener, null, token), stop.Token);

        string output = await RunAsync("node", [TestData.Path("node", "client.js"), folder, path]) ?? throw new InvalidOperationException("node is gone.");
        await stop.CancelAsync();
        await accepting;
        Check(RawPeer.Parse(output));
    }

    private static void Check(JsonElement seen)
    {
        Assert.Equal(5, seen.GetProperty("positional").GetInt32());
        Assert.Equal(9, seen.GetProperty("named").GetInt32());
        Assert.Equal("pong", seen.GetProperty("none").GetString());
        Assert.Equal("gr\u00fc\u00dfe \u20ac \U0001f600", seen.GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("nothing").ValueKind);
        Assert.Equal(Enumerable.Range(1, 200), seen.GetProperty("many").EnumerateArray().Select(item => item.GetInt32()));
        Assert.Equal(-32601, seen.GetProperty("unknown").GetProperty("code").GetInt32());
        Assert.Equal(-32602, seen.GetProperty("invalid").GetProperty("code").GetInt32());
        Assert.Equal("The request failed.", seen.GetProperty("failed").GetProperty("message").GetString());
        Assert.Equal(4711, seen.GetProperty("custom").GetProperty("code").GetInt32());
        Assert.Equal("x", seen.GetProperty("custom").GetProperty("data").GetProperty("why").GetString());
        Assert.Equal("hello", seen.GetProperty("heard").GetString());
        Assert.Equal("cba 4711", seen.GetProperty("calledBack").GetString());
        Assert.Equal([3, 4], seen.GetProperty("reports").EnumerateArray().Select(item => item.GetInt32()));
        Assert.Equal(7, seen.GetProperty("progress").GetInt32());
        Assert.Equal(-32800, seen.GetProperty("cancelled").GetProperty("code").GetInt32());
        Assert.Equal(2500, seen.GetProperty("items").GetInt32());
    }

    private static RpcDispatcher CreateDispatcher()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.AddPositional("add", [s_a, s_b], CamelJson.Default.Int32, (args, _, _) => ValueTask.FromResult(args.Get(s_a) + args.Get(s_b)));
        dispatcher.Add("pair", CamelJson.Default.Pair, CamelJson.Default.Int32, (pair, _, _) => ValueTask.FromResult(pair.A + pair.B));
        dispatcher.Add("ping", RpcNothing.TypeInfo, CamelJson.Default.String, (_, _, _) => ValueTask.FromResult("pong"));
        dispatcher.Add("echo", CamelJson.Default.String, CamelJson.Default.String, (text, _, _) => ValueTask.FromResult(text));
        dispatcher.Add("nothing", RpcNothing.TypeInfo, (_, _, _) => ValueTask.CompletedTask);
        dispatcher.Add("fail", RpcNothing.TypeInfo, (_, _, _) => throw new InvalidOperationException("secret"));
        dispatcher.Add("failWithData", RpcNothing.TypeInfo, (_, _, _) => throw new RpcException(4711, "custom", RawPeer.Parse("""{"why":"x"}""")));
        dispatcher.Add("say", CamelJson.Default.String, async (text, context, stop) =>
            await context.Connection.NotifyPositionalAsync("heard", [RpcArgument.Value(text, CamelJson.Default.String)], stop));
        dispatcher.Add("callBack", CamelJson.Default.String, CamelJson.Default.String, CallBackAsync);
        dispatcher.Add("long", RpcNothing.TypeInfo, async (_, context, stop) =>
        {
            await context.Connection.NotifyPositionalAsync("running", [], stop);
            await new TaskCompletionSource().Task.WaitAsync(stop);
        });
        dispatcher.AddWithProgress("work", CamelJson.Default.Pair, CamelJson.Default.Int32, CamelJson.Default.Int32, (pair, progress, _, _) =>
        {
            progress.Report(pair.A);
            progress.Report(pair.B);
            return ValueTask.FromResult(pair.A + pair.B);
        });
        dispatcher.AddStream("count", CamelJson.Default.Pair, CamelJson.Default.Int32, (pair, _, _) => CountAsync(pair));
        return dispatcher;
    }

    private static async ValueTask<string> CallBackAsync(string text, RpcCallContext context, CancellationToken stop)
    {
        RpcArgument[] arguments = [RpcArgument.Value(text, CamelJson.Default.String)];
        string reversed = await context.Connection.InvokePositionalAsync("reverse", arguments, CamelJson.Default.String, stop);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => context.Connection.InvokePositionalAsync("refuse", [], CamelJson.Default.String, stop));
        return $"{reversed} {refused.Code}";
    }

    private static async IAsyncEnumerable<int> CountAsync(Pair pair)
    {
        await Task.CompletedTask;
        for (int i = pair.A; i <= pair.B; i++)
        {
            yield return i;
        }
    }

    private static async Task<string> InstallAsync()
    {
        string folder = Path.Combine(TestData.Root, "artifacts", "tests", "rpc-node");
        if (!File.Exists(Path.Combine(folder, "node_modules", "vscode-jsonrpc", "node.js")))
        {
            Directory.CreateDirectory(folder);
            foreach (string file in (string[])["package.json", "package-lock.json"])
            {
                File.Copy(TestData.Path("node", file), Path.Combine(folder, file), overwrite: true);
            }

            await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder]);
        }

        return folder;
    }

    private static async Task<string?> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            Task<string> error = process!.StandardError.ReadToEndAsync(Stop);
            string output = await process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop);
            Assert.True(process.ExitCode == 0, $"{program}: {await error}");
            return output;
        }
    }
}
