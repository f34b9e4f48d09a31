using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Service;

/// <summary>Where the worker's program is, and as whom it runs.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="UserId">The user; null for the engine's own.</param>
/// <param name="GroupId">The group; null for the engine's own.</param>
/// <param name="Remark">What an administrator should know about that; null when there is nothing.</param>
[SupportedOSPlatform("linux")]
internal sealed record WorkerAccount(string Program, uint? UserId, uint? GroupId, string? Remark)
{
    /// <summary>The account workers run as; nobody where there is no such account.</summary>
    public const string WorkerUser = "netmod-worker";

    private const uint Nobody = 65534;

    /// <summary>Looks at what this process may do.</summary>
    /// <param name="program">The worker's program; null looks beside this one.</param>
    public static WorkerAccount Find(string? program)
    {
        string path = program ?? FindWorker(AppContext.BaseDirectory);
        string[] held = [.. ProcessCapabilities.Read().EffectiveNames];
        return held.Contains("CAP_SETUID") && held.Contains("CAP_SETGID")
            ? new WorkerAccount(path, UnixAccounts.GetUserId(WorkerUser) ?? Nobody, UnixAccounts.GetGroupId(WorkerUser) ?? Nobody, null)
            : new WorkerAccount(path, null, null, "Its worker runs as the engine's own user, because CAP_SETUID and CAP_SETGID are missing.");
    }

    /// <summary>Where the worker's program is: beside the engine, else in the folder <c>netmod-worker</c> beside the engine's.</summary>
    /// <param name="engineFolder">The engine's folder.</param>
    public static string FindWorker(string engineFolder)
    {
        string beside = Path.Combine(engineFolder, "netmod-worker");
        return File.Exists(beside) ? beside : Path.GetFullPath(Path.Combine(engineFolder, "..", "netmod-worker", "netmod-worker"));
    }
}
