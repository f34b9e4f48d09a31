using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay certificate</c>.</summary>
internal static class OverlayCertificateCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists certificates that were issued here."), services);
        FillIssue(command.Sub("issue", "Issues a membership certificate."), services);
        FillRevoke(command.Sub("revoke", "Revokes certificates; members learn of it with the next contact."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string?> network = command.WithAny("NETWORK", "The network, with * and ?; none means all.");
        Argument<string[]> names = command.WithNames("Names or node ids of members, with * and ?; none means all.");
        command.Handle(services, async call =>
        {
            var request = new ListOverlayCertificates(call.Get(network), OverlayArguments.Patterns(call.Get(names)));
            OverlayCertificate[] certificates = await call.CallAsync(EngineApi.OverlayListCertificates, request);
            return call.WriteList(certificates, ContractsJsonContext.Default.OverlayCertificateArray, OverlayColumns.Certificates(call));
        });
    }

    private static void FillIssue(Command command, CliServices services)
    {
        Argument<string> network = command.WithWord("NETWORK", "The network.");
        Argument<string> name = command.WithWord("NAME", "The member's name.");
        Argument<string> key = command.WithWord("KEY", "The member's public key (nmk1...).");
        Option<string[]?> group = command.With(Options.OfList("--group", "NAMES", "The member's groups."));
        Option<string[]?> address = command.With(Options.OfList("--address", "ADDRESSES", "Its overlay addresses (default: derived from the key)."));
        Option<AddressRange[]?> subnet = command.With(Options.OfList("--subnet", "PREFIXES", "Prefixes it may advertise.", AddressRange.Parse));
        Option<TimeSpan?> validFor = command.With(Options.OfDuration("--valid-for", "How long it holds (default 90d)."));
        command.Handle(services, async call =>
        {
            var request = new IssueOverlayCertificate(
                call.Get(network), call.Get(key), call.Get(name), call.Some(group), call.Some(address), call.Some(subnet), call.Get(validFor));
            OverlayCertificate certificate = await call.CallAsync(EngineApi.OverlayIssueCertificate, request);
            return call.Json ? call.WriteJson(certificate, ContractsJsonContext.Default.OverlayCertificate) : Write(call, certificate);
        });
    }

    private static void FillRevoke(Command command, CliServices services)
    {
        Argument<string> network = command.WithWord("NETWORK", "The network.");
        Argument<long[]> serials = command.With(new Argument<long[]>("SERIAL") { Description = "Numbers of certificates.", Arity = ArgumentArity.OneOrMore });
        command.Handle(services, async call =>
        {
            var request = new RevokeOverlayCertificates(call.Get(network), call.Get(serials));
            OverlayCertificate[] revoked = await call.CallAsync(EngineApi.OverlayRevokeCertificates, request);
            return call.WriteList(revoked, ContractsJsonContext.Default.OverlayCertificateArray, OverlayColumns.Certificates(call));
        });
    }

    private static int Write(CliCall call, OverlayCertificate certificate)
    {
        Table.WriteFacts(
            call.Out,
            ("Network", certificate.Network),
            ("Serial", Text.Number(certificate.Serial)),
            ("Member", certificate.Name),
            ("Node id", certificate.NodeId),
            ("Groups", Text.List(certificate.Groups)),
            ("Addresses", Text.List(certificate.Addresses)),
            ("Subnets", Text.List(certificate.Subnets)),
            ("Until", call.Show(certificate.NotAfter)),
            ("Certificate", certificate.Text));
        return ExitCodes.Ok;
    }
}
