using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ports something on this host listens at.</summary>
public sealed class LocalPortCompleter : EngineCompleter
{
    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        var host = IPGlobalProperties.GetIPGlobalProperties();
        IEnumerable<Candidate> ports = Candidates("TCP", host.GetActiveTcpListeners()).Concat(Candidates("UDP", host.GetActiveUdpListeners()));
        return Task.FromResult(ports);
    }

    private static IEnumerable<Candidate> Candidates(string protocol, IPEndPoint[] listeners) => listeners.Select(listener =>
        new Candidate(listener.Port.ToString(CultureInfo.InvariantCulture), $"{protocol} listener at {listener.Address}"));
}
