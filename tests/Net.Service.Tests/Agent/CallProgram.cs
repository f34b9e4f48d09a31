using Net.Client;
using Net.Contracts;

namespace Net.Service.Tests.Agent;

/// <summary>A client in a process of its own, so that it can be another user: calls one method and says what came of it.</summary>
internal static class CallProgram
{
    public static async Task<int> RunAsync(string socket, string method)
    {
        try
        {
            await using EngineClient engine = await EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = socket, ClientName = "call", ConnectTimeout = Wait.Patience });
            await Console.Out.WriteLineAsync($"role {engine.Hello.Role}");
            switch (method)
            {
                case "status":
                    await engine.CallAsync(EngineApi.EngineStatus, new GetStatus());
                    break;
                case "create-rule":
                    await engine.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("intruder", 1)]));
                    break;
                case "stop":
                    await engine.CallAsync(EngineApi.EngineStop, new StopEngine());
                    break;
                default:
                    await Console.Out.WriteLineAsync("unknown method");
                    return 2;
            }

            await Console.Out.WriteLineAsync("done");
            return 0;
        }
        catch (EngineException exception)
        {
            await Console.Out.WriteLineAsync($"{exception.ErrorId} {exception.Code}");
            return 1;
        }
    }
}
