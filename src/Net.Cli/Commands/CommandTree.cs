using System.CommandLine;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary>Every command. Only the group that is called is filled in: building all of them would cost more than most of them run.</summary>
internal static class CommandTree
{
    private static readonly (string Name, string Description, Action<Command, CliServices> Fill)[] Groups =
    [
        ("status", "Tells what the engine is and does.", StatusCommand.Fill),
        ("path", "Lists, watches, measures and tests paths; manages routes.", PathCommands.Fill),
        ("firewall", "Manages the firewall: rules, lists, zones, NAT, connections.", FirewallCommands.Fill),
        ("flow", "Tells what would become of a packet, and traces real ones.", FlowCommands.Fill),
        ("overlay", "Manages overlays: encrypted networks of engines.", OverlayCommands.Fill),
        ("relay", "Manages the multicast relay: rules, counters, groups, workers.", RelayCommands.Fill),
        ("traffic", "Sends and receives packets that tell what a network or a relay does to them.", TrafficCommands.Fill),
        ("config", "Shows, changes, confirms and restores the configuration.", ConfigCommands.Fill),
        ("events", "Lists what happened, or streams it as it happens.", EventsCommand.Fill),
        ("watch", "Shows paths and events as they change, until Ctrl+C.", WatchCommand.Fill),
        ("secret", "Stores, lists and removes secrets.", SecretCommands.Fill),
        ("log-level", "Sets the log level of an area until the engine stops.", LogLevelCommand.Fill),
        ("api", "Gives the published API.", ApiCommands.Fill),
        ("errors", "Explains the ids of errors.", ErrorsCommand.Fill),
        ("engine", "Runs, installs, starts and stops the engine.", EngineCommands.Fill),
        ("lab", "Builds networks of namespaces to try things in.", LabCommands.Fill),
        ("completion", "Writes a completion script for a shell.", CompletionCommand.Fill),
        ("version", "Tells the release; does not need an engine.", VersionCommand.Fill),
    ];

    /// <summary>The names of the groups.</summary>
    public static IEnumerable<string> GroupNames => Groups.Select(group => group.Name);

    /// <summary>The tree, filled in where <paramref name="args"/> can reach.</summary>
    public static CliRoot Create(CliServices services, IReadOnlyCollection<string> args) => Create(services, args.Contains);

    /// <summary>The whole tree.</summary>
    public static CliRoot CreateAll(CliServices services) => Create(services, static _ => true);

    private static CliRoot Create(CliServices services, Func<string, bool> isNeeded)
    {
        var root = new CliRoot();
        foreach ((string name, string description, Action<Command, CliServices> fill) in Groups)
        {
            var command = new Command(name, description);
            if (isNeeded(name))
            {
                fill(command, services);
            }

            root.Add(command);
        }

        return root;
    }
}
