using System.Net.NetworkInformation;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of this host's interfaces.</summary>
public sealed class InterfaceAliasCompleter : EngineCompleter
{
    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        Task.FromResult(NetworkInterface.GetAllNetworkInterfaces().Select(one =>
            new Candidate(one.Name, $"{one.NetworkInterfaceType}, {one.OperationalStatus}")));
}
