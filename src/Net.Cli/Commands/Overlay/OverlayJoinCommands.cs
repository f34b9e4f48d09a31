using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay join</c>, <c>invitation</c> and <c>join-request</c>.</summary>
internal static class OverlayJoinCommands
{
    /// <summary>Fills <c>join</c> in. The invitation holds a secret, so it is never an argument.</summary>
    public static void FillJoin(Command command, CliServices services)
    {
        Option<string?> file = command.With(Options.OfText("--file", "FILE", "Read the invitation from this file instead of asking, or from standard input."));
        Option<string?> overlay = command.With(Options.OfText("--name", "NAME", "A name for the overlay (default: the one it has where the invitation comes from)."));
        Option<string?> node = command.With(Options.OfText("--node-name", "NAME", "The name this node asks for (default: the host's)."));
        Option<TimeSpan?> timeout = command.With(Options.OfDuration("--timeout", "How long to wait for the certificate (default 30s)."));
        command.Handle(services, async call =>
        {
            string invitation = await SecretInput.ReadAsync(call, "Invitation", twice: false, call.Get(file));
            Overlay joined = await call.CallAsync(
                EngineApi.OverlayJoin, new JoinOverlay(invitation.Trim(), call.Get(overlay), call.Get(node), call.Get(timeout)));
            return call.Json ? call.WriteJson(joined, ContractsJsonContext.Default.Overlay) : OverlayStatusCommands.WriteDetails(call, [joined]);
        });
    }

    /// <summary>Fills <c>invitation</c> in.</summary>
    public static void FillInvitation(Command command, CliServices services)
    {
        Command add = command.Sub("add", "Makes an invitation with a one-time secret: whoever has it may join.");
        Argument<string> overlay = add.WithOverlay();
        Option<string[]?> endpoint = add.With(Options.OfList("--endpoint", "HOST:PORT", "Where this node can be reached (default: this host's addresses)."));
        Option<TimeSpan?> validFor = add.With(Options.OfDuration("--valid-for", "How long it holds (default 1d)."));
        Option<bool> approval = add.With(Options.OfFlag("--needs-approval", "Somebody must approve whoever comes with it."));
        Option<string[]?> group = add.With(Options.OfList("--group", "NAMES", "Groups the member gets."));
        add.Handle(services, async call =>
        {
            var request = new CreateOverlayInvitation(call.Get(overlay), call.Some(endpoint), call.Get(validFor), call.Get(approval), call.Some(group));
            OverlayInvitation invitation = await call.CallAsync(EngineApi.OverlayCreateInvitation, request);
            if (call.Json)
            {
                return call.WriteJson(invitation, ContractsJsonContext.Default.OverlayInvitation);
            }

            // The text alone, so that it can be piped into 'netmod overlay join' of another host.
            call.Console.Error.WriteLine($"netmod: whoever has this may join once, until {call.Show(invitation.ExpiresAt)}.");
            return call.WriteLine(invitation.Text ?? string.Empty);
        });
    }

    /// <summary>Fills <c>join-request</c> in.</summary>
    public static void FillRequests(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists nodes that asked to join."), services);
        FillDecide(command.Sub("approve", "Gives a certificate to nodes that asked to join."), services, approve: true);
        FillDecide(command.Sub("deny", "Refuses nodes that asked to join."), services, approve: false);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        Option<bool> pending = command.With(Options.OfFlag("--pending", "Only those that wait for a decision."));
        command.Handle(services, async call =>
        {
            OverlayJoinRequest[] requests = await call.CallAsync(EngineApi.OverlayListJoinRequests, new ListOverlayJoinRequests(call.Get(overlay)));
            requests = call.Get(pending) ? Array.FindAll(requests, request => request.State == JoinState.Pending) : requests;
            return call.WriteList(requests, ContractsJsonContext.Default.OverlayJoinRequestArray, OverlayColumns.Requests(call));
        });
    }

    private static void FillDecide(Command command, CliServices services, bool approve)
    {
        Argument<string[]> ids = command.With(new Argument<string[]>("ID") { Description = "Ids of requests.", Arity = ArgumentArity.OneOrMore });
        command.Handle(services, async call =>
        {
            var decided = new List<OverlayJoinRequest>();
            foreach (string id in call.Get(ids))
            {
                decided.Add(await call.CallAsync(EngineApi.OverlayDecideJoinRequest, new DecideOverlayJoinRequest(id, approve)));
            }

            return call.WriteList([.. decided], ContractsJsonContext.Default.OverlayJoinRequestArray, OverlayColumns.Requests(call));
        });
    }
}
