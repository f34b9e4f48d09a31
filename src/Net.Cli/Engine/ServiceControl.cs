using Net.Cli.Hosting;

namespace Net.Cli.Engine;

/// <summary>The parts of installing and controlling the service that systemd and other programs of the host do.</summary>
internal sealed class ServiceControl(IHostPrograms programs)
{
    /// <summary>The sentence for hosts without systemd.</summary>
    public const string NoSystemd = "systemd does not run here; 'netmod engine run' starts and supervises the engine.";

    /// <summary>Makes user and group, and lets systemd read the unit and start it at boot.</summary>
    /// <returns>What was done, one line each.</returns>
    public async Task<string[]> EnableAsync(InstallLayout layout, bool start, CancellationToken cancellationToken)
    {
        await RequireAsync("systemd-sysusers", [layout.Sysusers], cancellationToken);
        await RequireAsync("systemctl", ["daemon-reload"], cancellationToken);
        await RequireAsync("systemctl", ["enable", InstallLayout.UnitName], cancellationToken);
        if (start)
        {
            await RequireAsync("systemctl", ["restart", InstallLayout.UnitName], cancellationToken);
        }

        return [$"created user and group {EngineUser.Default}", start ? "enabled and started netmod.service" : "enabled netmod.service"];
    }

    /// <summary>Stops the unit and takes it out of the boot; a unit that is not there is no error.</summary>
    public async Task DisableAsync(CancellationToken cancellationToken) =>
        await programs.RunAsync("systemctl", ["disable", "--now", InstallLayout.UnitName], cancellationToken);

    /// <summary>Lets systemd forget the unit and, when nothing of the engine's is left, removes its user and group.</summary>
    public async Task<string[]> ForgetAsync(bool removeUser, CancellationToken cancellationToken)
    {
        var steps = new List<string>();
        if (programs.SystemdRuns)
        {
            await programs.RunAsync("systemctl", ["daemon-reload"], cancellationToken);
            await programs.RunAsync("systemctl", ["reset-failed", InstallLayout.UnitName], cancellationToken);
        }

        if (removeUser && await EngineUser.FindAsync(programs, EngineUser.Default, cancellationToken) is not null)
        {
            ProgramResult removed = await programs.RunAsync("userdel", [EngineUser.Default], cancellationToken);
            if (removed.Succeeded)
            {
                steps.Add($"removed user {EngineUser.Default}");
            }
        }

        if (removeUser && await EngineUser.GroupExistsAsync(programs, EngineUser.Default, cancellationToken))
        {
            ProgramResult removed = await programs.RunAsync("groupdel", [EngineUser.Default], cancellationToken);
            if (removed.Succeeded)
            {
                steps.Add($"removed group {EngineUser.Default}");
            }
        }

        return [.. steps];
    }

    /// <summary>Takes the engine's table out of the kernel where no engine is left to do it.</summary>
    public async Task<string[]> RemoveTableAsync(CancellationToken cancellationToken)
    {
        if (programs.Find("nft") is null || !(await programs.RunAsync("nft", ["list", "table", "inet", "netmod"], cancellationToken)).Succeeded)
        {
            return [];
        }

        await RequireAsync("nft", ["delete", "table", "inet", "netmod"], cancellationToken);
        return ["removed table inet netmod"];
    }

    /// <summary>Runs <c>systemctl VERB netmod.service</c>.</summary>
    public Task SystemctlAsync(string verb, CancellationToken cancellationToken) =>
        RequireAsync("systemctl", [verb, InstallLayout.UnitName], cancellationToken);

    /// <summary>What systemd says of the unit, such as <c>active</c>, <c>inactive</c> or <c>failed</c>.</summary>
    public async Task<string> UnitStateAsync(CancellationToken cancellationToken) =>
        (await programs.RunAsync("systemctl", ["is-active", InstallLayout.UnitName], cancellationToken)).Output.Trim();

    private async Task RequireAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        ProgramResult result = await programs.RunAsync(program, arguments, cancellationToken);
        if (!result.Succeeded)
        {
            string said = (result.Error.Length > 0 ? result.Error : result.Output).Trim();
            throw new CliException(ExitCodes.Failed, "ServiceControlFailed", $"'{program} {string.Join(' ', arguments)}' failed: {said}");
        }
    }
}
