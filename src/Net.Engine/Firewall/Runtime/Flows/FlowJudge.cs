using System.Net;
using Net.Contracts;
using Net.Firewall;
using Net.Platform;
using RuleAction = Net.Firewall.RuleAction;
using RuleDirection = Net.Firewall.RuleDirection;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Takes a packet the way the kernel takes it: destination NAT, route, rules, source NAT. Used by one thread for one call of the API.</summary>
/// <param name="evaluator">The rules.</param>
/// <param name="translator">The NAT rules.</param>
/// <param name="router">The routes.</param>
/// <param name="foreign">Chains of others.</param>
/// <param name="addresses">This host's addresses and interfaces.</param>
/// <param name="asksReversePath">Whether any rule asks for the way back to the source.</param>
internal sealed class FlowJudge(FlowEvaluator evaluator, FlowTranslator translator, FlowRouter router, ForeignChains foreign, HostAddresses addresses, bool asksReversePath)
{
    private const string Loopback = "lo";

    /// <summary>Judges a packet.</summary>
    /// <param name="question">The packet.</param>
    /// <param name="place">Where it stands in the request.</param>
    /// <param name="maxSteps">Steps to tell at most; null for only those rules that matched.</param>
    /// <exception cref="EngineException">The packet makes no sense.</exception>
    public NetFlowVerdict Judge(FlowQuestion question, string place, int? maxSteps)
    {
        NetFlow flow = question.Flow;
        bool isOwn = flow.Direction is { } direction ? direction == Contracts.RuleDirection.Outbound
            : flow.InterfaceAlias is null && (question.Source is null || addresses.IsOwn(question.Source));
        var story = new FlowStory(question, maxSteps);
        if (foreign.Problem is { } problem)
        {
            story.Assumptions.Add(problem);
        }

        return isOwn ? JudgeOwn(question, story) : JudgeIncoming(question, place, story);
    }

    private NetFlowVerdict JudgeOwn(FlowQuestion question, FlowStory story)
    {
        NetFlow flow = question.Flow;
        FlowPacket packet = question.Packet with { Direction = RuleDirection.Outbound };
        RouteAnswer? route = router.Out(packet, question.Source, question.Destination, flow.OutInterfaceAlias);
        IPAddress? source = question.Source ?? route?.PreferredSource ?? (addresses.IsOwn(question.Destination) ? question.Destination : null);
        if (source is null)
        {
            // Without a route there is no source either, so no rule is ever asked.
            string why = route is null ? "routes cannot be read, so the source this host would take is not known; give one" : route.Reason ?? "there is no route to it";
            return story.Nowhere(packet.Between(Unspecified(question.Destination), question.Destination), router.Describe(route), why);
        }

        packet = packet.Between(source, question.Destination) with
        {
            OutputInterface = flow.OutInterfaceAlias ?? addresses.NameOf(route?.OutputInterface),
            IsToThisHost = addresses.IsOwn(question.Destination),
        };
        story.Before = packet;
        FlowPacket translated = story.Translate(packet, translator.TranslateDestination(packet, addresses.AddressOf));
        if (translated.Destination != packet.Destination)
        {
            // Rules on the way out still see the interface the packet was routed to first (the hook's state is not made anew); what follows sees the new one.
            route = router.Out(translated, source, translated.DestinationAddress, null);
        }

        string? leavesBy = flow.OutInterfaceAlias ?? addresses.NameOf(route?.OutputInterface);
        story.Route = router.Describe(route);
        story.Foreign.AddRange(foreign.For(translated, leavesBy));
        Ask(translated, story);
        if (route is { IsReachable: false })
        {
            return story.Finish(translated, leavesBy, $"it goes nowhere: {route.Reason ?? "there is no route"}");
        }

        if (!story.IsStopped)
        {
            FlowPacket leaving = story.Translate(translated, translator.TranslateSource(translated with { OutputInterface = leavesBy }, addresses.AddressOf));
            bool comesBack = route is { Type: RouteType.Local } || (route is null && addresses.IsOwn(translated.DestinationAddress));
            if (comesBack)
            {
                // What this host sends to itself comes in again by the loopback interface.
                FlowPacket arriving = leaving with { Direction = RuleDirection.Inbound, InputInterface = Loopback, OutputInterface = null, IsToThisHost = true };
                story.Foreign.AddRange(foreign.For(arriving, null));
                Ask(arriving, story);
            }
        }

        return story.Finish(translated, leavesBy, null);
    }

    private NetFlowVerdict JudgeIncoming(FlowQuestion question, string place, FlowStory story)
    {
        NetFlow flow = question.Flow;
        if (question.Source is not { } source)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A packet that comes in has a source address.", $"{place}.sourceAddress");
        }

        string? input = flow.InterfaceAlias ?? (addresses.IsOwn(source) ? Loopback : router.Towards(source));
        if (input is null)
        {
            story.Assumptions.Add("the interface it comes in by is not known, so rules for one do not match");
        }

        FlowPacket packet = question.Packet.Between(source, question.Destination) with
        {
            Direction = RuleDirection.Inbound,
            InputInterface = input,
            IsToThisHost = addresses.IsOwn(question.Destination),
        };
        story.Before = packet;
        FlowPacket translated = story.Translate(packet, translator.TranslateDestination(packet, addresses.AddressOf));
        RouteAnswer? route = RouteOf(translated, input, story);
        bool isToThisHost = route is { IsReachable: true } ? route.Type is not (RouteType.Unicast or RouteType.Anycast) : addresses.IsOwn(translated.DestinationAddress);
        RuleDirection natural = isToThisHost ? RuleDirection.Inbound : RuleDirection.Forward;
        RuleDirection asked = flow.Direction is { } wanted ? (RuleDirection)(int)wanted : natural;
        if (asked != natural && route is not { IsReachable: false })
        {
            story.Assumptions.Add(natural == RuleDirection.Inbound ? "it is asked about as forwarded, although it is to this host" : "it is asked about as one to this host, although it would be forwarded");
        }

        string? leavesBy = asked == RuleDirection.Forward ? flow.OutInterfaceAlias ?? addresses.NameOf(natural == RuleDirection.Forward ? route?.OutputInterface : null) : null;
        translated = translated with
        {
            Direction = asked,
            OutputInterface = leavesBy,
            IsReversePathMissing = asksReversePath ? router.IsReversePathMissing(source, input) : null,
        };
        story.Route = router.Describe(route);
        story.Foreign.AddRange(foreign.For(translated, leavesBy));
        Ask(translated, story);
        if (route is { IsReachable: false } && asked == natural)
        {
            return story.Finish(translated, leavesBy, $"it goes nowhere: {route.Reason ?? "there is no route"}");
        }

        if (asked == RuleDirection.Forward && !story.IsStopped)
        {
            story.Translate(translated, translator.TranslateSource(translated, addresses.AddressOf));
        }

        return story.Finish(translated, leavesBy, null);
    }

    private RouteAnswer? RouteOf(in FlowPacket packet, string? input, FlowStory story)
    {
        if (input is not null && addresses.IndexOf(input) is { } index)
        {
            return router.In(packet, index);
        }

        if (input is not null)
        {
            story.Assumptions.Add($"this host has no interface {input}; the route is that of packets of this host itself");
        }

        return router.Out(packet, null, packet.DestinationAddress, null);
    }

    private void Ask(in FlowPacket packet, FlowStory story)
    {
        if (story.MaxSteps is { } max)
        {
            FlowExplanation explanation = evaluator.Explain(packet, max);
            story.Take(explanation.Verdict, explanation.Steps);
            return;
        }

        FlowVerdict verdict = evaluator.Evaluate(packet);
        story.Take(verdict, [.. verdict.Matched.Select(rule => new FlowStep(rule, true, rule.Action == RuleAction.Continue ? "matches; later rules decide" : "matches and decides"))]);
    }

    private static IPAddress Unspecified(IPAddress like) => like.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
}
