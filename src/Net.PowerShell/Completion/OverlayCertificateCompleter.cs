using System.Collections;
using System.Globalization;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes numbers of certificates of the network that is typed already.</summary>
public sealed class OverlayCertificateCompleter : EngineCompleter
{
    internal override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken)
    {
        OverlayCertificate[] issued = await engine.CallAsync(EngineApi.OverlayListCertificates, new ListOverlayCertificates(bound["Network"] as string), cancellationToken);
        return issued.Select(one => new Candidate(
            one.Serial.ToString(CultureInfo.InvariantCulture), $"{one.Name}, until {one.NotAfter:u}{(one.IsRevoked ? ", revoked" : string.Empty)}"));
    }

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        AskAsync(engine, new Hashtable(), cancellationToken);
}
