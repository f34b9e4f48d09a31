using Net.Service.Tests.Agent;
using Xunit.Runner.InProc.SystemConsole;

namespace Net.Service.Tests;

/// <summary>The test runner; and, by its first argument, the programs the tests start in other namespaces and as other users.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["agent"] => await AgentProgram.RunAsync(),
        ["call", string socket, string method] => await CallProgram.RunAsync(socket, method),
        _ => await ConsoleRunner.Run(args),
    };
}
