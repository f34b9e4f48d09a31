using Xunit.Runner.InProc.SystemConsole;

namespace Net.Lab.Tests;

/// <summary>The test runner; and, by its first argument, the programs the tests start in other processes and namespaces.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["udp-probe", .. string[] endpoints] => await UdpProbeProgram.RunAsync(endpoints),
        ["own-lab", string instance] => await LabOwnerProgram.RunAsync(instance),
        _ => await ConsoleRunner.Run(args),
    };
}
