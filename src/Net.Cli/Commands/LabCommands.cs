using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;

namespace Net.Cli.Commands;

/// <summary><c>netmod lab</c>: networks of namespaces.</summary>
internal static class LabCommands
{
    private const string Instance = "INSTANCE";
    private const string InstanceHelp = "The lab's name.";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillUp(command.Sub("up", "Builds a lab that stays until it is taken down."), services);
        FillDown(command.Sub("down", "Takes a lab down: its programs, namespaces and state."), services);
        FillExec(command.Sub("exec", "Runs a program in a node: netmod lab exec pair left -- ping 10.1.0.2."), services);
        FillStatus(command.Sub("status", "Shows the labs that are up, with their nodes and addresses."), services);
        FillList(command.Sub("list", "Lists the topologies that are built in."), services);
    }

    private static void FillUp(Command command, CliServices services)
    {
        Argument<string> topology = command.WithWord("TOPOLOGY", "A built-in one (netmod lab list), or a JSON file.");
        Option<string?> instance = command.With(Options.OfText("--name", "NAME", "The lab's name (default: the topology's)."));
        command.Handle(services, async call =>
        {
            using var progress = new Progress(call.Console, "lab");
            progress.Report("building");
            LabView lab = await call.Services.Labs().UpAsync(call.Get(topology), call.Get(instance), call.Token);
            progress.Dispose();
            return Write(call, [lab]);
        });
    }

    private static void FillDown(Command command, CliServices services)
    {
        Argument<string> instance = command.WithWord(Instance, InstanceHelp);
        command.Handle(services, async call =>
        {
            await call.Services.Labs().DownAsync(call.Get(instance), call.Token);
            return call.Json ? call.WriteJson([], CliJsonContext.Default.LabViewArray) : call.WriteLine("Down; nothing of it is left.");
        });
    }

    private static void FillExec(Command command, CliServices services)
    {
        Argument<string> instance = command.WithWord(Instance, InstanceHelp);
        Argument<string> node = command.WithWord("NODE", "The node.");
        Argument<string[]> program = command.With(new Argument<string[]>("COMMAND")
        {
            Description = "The program and its arguments, behind --; its exit code is the answer. netmod is the one that runs.",
            Arity = ArgumentArity.OneOrMore,
        });
        command.Handle(services, call =>
        {
            string[] words = call.Get(program);
            return call.Services.Labs().ExecAsync(call.Get(instance), call.Get(node), Program(words[0]), words[1..], call.Token);
        });
    }

    // A lab starts programs of the system's folders only. This one may be elsewhere, run from where it was built, and stands for itself.
    private static string Program(string word) =>
        Environment.ProcessPath is { } own && word == Path.GetFileNameWithoutExtension(own) ? own : word;

    private static void FillStatus(Command command, CliServices services)
    {
        Argument<string?> instance = command.With(new Argument<string?>(Instance) { Description = $"{InstanceHelp} None means all.", Arity = ArgumentArity.ZeroOrOne });
        command.Handle(services, async call =>
        {
            LabView[] labs = await call.Services.Labs().ListAsync(call.Token);
            if (call.Get(instance) is not { } wanted)
            {
                return Write(call, labs);
            }

            LabView[] found = Array.FindAll(labs, lab => lab.Instance == wanted);
            return found.Length > 0
                ? Write(call, found)
                : throw new CliException(ExitCodes.Failed, "LabNotFound", $"No lab '{wanted}' is up.", "Look at 'netmod lab status'.");
        });
    }

    private static void FillList(Command command, CliServices services) => command.Handle(services, call => call.WriteList(
        call.Services.Labs().Topologies(),
        CliJsonContext.Default.TopologyViewArray,
        [
            new("Topology", topology => topology.Name),
            new("Nodes", topology => Text.List(topology.Nodes)) { IsFlexible = true },
            new("Description", topology => topology.Description) { IsFlexible = true },
        ]));

    private static int Write(CliCall call, LabView[] labs)
    {
        if (call.Json)
        {
            return call.WriteJson(labs, CliJsonContext.Default.LabViewArray);
        }

        (LabView Lab, LabNodeView Node)[] rows = [.. labs.SelectMany(lab => lab.Nodes.Select(node => (lab, node)))];
        Table.Write<(LabView Lab, LabNodeView Node)>(
            call.Out,
            rows,
            [
                new("Lab", row => row.Lab.Instance),
                new("Node", row => row.Node.Name),
                new("Kind", row => row.Node.Kind),
                new("State", row => row.Lab.Abandoned ? "abandoned" : "up") { Tone = row => row.Lab.Abandoned ? Tone.Warning : Tone.Good },
                new("Namespace", row => row.Node.Namespace),
                new("Addresses", row => string.Join(", ", row.Node.Addresses)) { IsFlexible = true },
            ],
            call.Console.Width,
            call.Console.UseColor);
        return ExitCodes.Ok;
    }
}
