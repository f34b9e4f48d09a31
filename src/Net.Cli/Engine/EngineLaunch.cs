namespace Net.Cli.Engine;

/// <summary>How the engine is started with the least privileges: through setpriv, because capabilities have to be set before the runtime
/// starts; set inside a running process they reach one thread only.</summary>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Remarks">What the user should know, one sentence each.</param>
internal sealed record EngineLaunch(string Program, string[] Arguments, string[] Remarks)
{
    private const string OnlyNet = "-all,+net_admin,+net_raw,+setuid,+setgid,+kill,+bpf,+perfmon";

    /// <summary>Plans the start.</summary>
    /// <param name="engine">The engine's program.</param>
    /// <param name="hostOptions">The engine's own options.</param>
    /// <param name="isRoot">Whether this process has all rights.</param>
    /// <param name="user">The user to run as; null stays as this process is.</param>
    /// <param name="group">The group whose members may use the socket, when it exists and the user is not its own.</param>
    /// <param name="setpriv">The path of setpriv, or null.</param>
    public static EngineLaunch Plan(string engine, IReadOnlyList<string> hostOptions, bool isRoot, EngineUser? user, string? group, string? setpriv)
    {
        if (setpriv is null)
        {
            string remark = isRoot
                ? "setpriv is missing (package util-linux): the engine keeps every right of this process."
                : NoRights;
            return new EngineLaunch(engine, [.. hostOptions], [remark]);
        }

        // With its supervisor gone nobody would start it again: it ends in good order, and its rules stay in force.
        List<string> arguments = ["--pdeathsig", "TERM", "--no-new-privs"];
        if (isRoot)
        {
            arguments.AddRange([$"--bounding-set={OnlyNet}", $"--inh-caps={OnlyNet}", $"--ambient-caps={OnlyNet}"]);
            if (user is not null)
            {
                arguments.AddRange([$"--reuid={user.UserId}", $"--regid={user.GroupId}", "--init-groups"]);
            }
            else
            {
                // Without CAP_CHOWN only a member of the group can give the socket to it.
                arguments.Add(group is null ? "--clear-groups" : $"--groups={group}");
            }
        }

        arguments.AddRange(["--", engine, .. hostOptions]);
        return new EngineLaunch(setpriv, [.. arguments], isRoot ? [] : [NoRights]);
    }

    private const string NoRights =
        "not root: the engine gets no capabilities. It shows paths and configuration; firewall rules, routes and measurements by ICMP echo will not work.";
}
