using System.Globalization;
using Net.Contracts;
using Net.Engine.Access;
using Net.Firewall;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Serves <c>firewall.testFlows</c>: what the rules make of packets, evaluated on the model, without sending any. Calls may come from any thread.</summary>
/// <param name="host">The kernel, for routes; null where this host has none of it.</param>
/// <param name="reader">Chains of others.</param>
/// <param name="models">The rules.</param>
/// <param name="addresses">This host's addresses and interfaces.</param>
/// <param name="accounts">Users and groups by name.</param>
/// <param name="clock">The clock.</param>
internal sealed class FlowTester(
    IFirewallHost? host, Platform.IFirewallReader reader, FirewallModels models, HostAddresses addresses, IAccountNames? accounts, TimeProvider clock)
{
    /// <summary>Packets one call may ask about: their verdicts must fit a message.</summary>
    public const int MostFlows = 10_000;

    // Steps of one call together, for the same reason; with fewer than this for each packet only rules that matched are told.
    private const int MostSteps = 20_000;
    private const int FewestSteps = 20;
    private const int FirstQuietPort = 54_321;

    private volatile Prepared? _prepared;

    /// <summary>Answers for each packet.</summary>
    /// <param name="request">The packets.</param>
    /// <exception cref="EngineException">A packet, or the document, makes no sense.</exception>
    public NetFlowVerdict[] Test(TestNetFlows request)
    {
        if (request.Flows.Length is 0 or > MostFlows)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"Ask about 1 to {MostFlows} packets at once.", "flows");
        }

        DateTimeOffset now = clock.GetUtcNow();
        FirewallModel model = request.Document is null && request.At is null ? models.InForce(now) : models.Of(request.Document, request.At ?? now);
        Prepared prepared = Prepare(model);
        var judge = new FlowJudge(prepared.Evaluator, prepared.Translator, new FlowRouter(host?.Routes, addresses), new ForeignChains(reader), addresses, prepared.AsksReversePath);
        int steps = Math.Min(FlowEvaluator.DefaultSteps, MostSteps / request.Flows.Length);
        var verdicts = new NetFlowVerdict[request.Flows.Length];
        for (int index = 0; index < verdicts.Length; index++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"flows[{index}]");
            FlowQuestion question = FlowQuestion.Read(request.Flows[index], place, accounts, prepared.QuietPort);
            verdicts[index] = judge.Judge(question, place, steps >= FewestSteps ? steps : null);
        }

        return verdicts;
    }

    // Rules that ask for a source port would match one of them by chance, so one is taken that none asks for.
    private static ushort QuietPortOf(FirewallModel model)
    {
        HashSet<ushort> named = [];
        foreach (Net.Firewall.PortRange range in model.Rules.SelectMany(rule => rule.SourcePorts).Concat(model.NatRules.SelectMany(rule => rule.SourcePorts)))
        {
            for (int port = Math.Max(range.First, (ushort)FirstQuietPort); port <= range.Last; port++)
            {
                named.Add((ushort)port);
            }
        }

        int quiet = FirstQuietPort;
        while (quiet < ushort.MaxValue && named.Contains((ushort)quiet))
        {
            quiet++;
        }

        return (ushort)quiet;
    }

    // What rules put into lists changes all the time; everything else stays until the model does.
    private Prepared Prepare(FirewallModel model)
    {
        bool hasDynamic = model.AddressLists.Any(list => list.IsDynamic);
        if (_prepared is { } prepared && ReferenceEquals(prepared.Model, model) && !hasDynamic)
        {
            return prepared;
        }

        prepared = new Prepared(
            model,
            new FlowEvaluator(model, hasDynamic ? models.DynamicContents(model) : null),
            new FlowTranslator(model),
            model.Rules.Any(rule => rule is { Enabled: true, Conditions.IsReversePathMissing: true }),
            QuietPortOf(model));
        _prepared = prepared;
        return prepared;
    }

    private sealed record Prepared(FirewallModel Model, FlowEvaluator Evaluator, FlowTranslator Translator, bool AsksReversePath, ushort QuietPort);
}
