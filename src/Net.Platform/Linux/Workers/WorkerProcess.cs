using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>Starts worker processes without privileges.</summary>
[SupportedOSPlatform("linux")]
public static class WorkerProcess
{
    private static readonly string[] s_setprivPaths = ["/usr/bin/setpriv", "/bin/setpriv"];

    /// <summary>Starts a worker. With ids it goes through setpriv(1) of util-linux, which drops groups, user and every capability and sets no_new_privs before the
    /// worker's runtime starts: inside of it only one thread would be reached. There is no parent-death signal, as the kernel ties that to the thread that
    /// started it; a worker ends when its channel does.</summary>
    /// <param name="program">Path of the worker's program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="userId">The user it runs as; null to stay what we are. Takes CAP_SETUID.</param>
    /// <param name="groupId">The group it runs as; null to stay what we are. Takes CAP_SETGID.</param>
    /// <param name="channelEnd">The channel's end for descriptor 3; the caller disposes its own copy afterwards.</param>
    /// <param name="settings">Settings of its runtime, as environment variables; those this process was given itself come first.</param>
    /// <returns>The process. A failure of setpriv shows as its exit code 1 or 127.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="FileNotFoundException">There is no setpriv.</exception>
    public static SpawnedProcess Start(string program, IReadOnlyList<string> arguments, uint? userId, uint? groupId, SafeHandle channelEnd, IReadOnlyDictionary<string, string>? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        if (userId is null && groupId is null)
        {
            return SpawnedProcess.Start(program, arguments, BuildEnvironment(settings), channelEnd);
        }

        string setpriv = s_setprivPaths.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("There is no setpriv, with which workers are started without privileges: install util-linux.");
        List<string> options = [];
        if (userId is uint user)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"--reuid={user}"));
        }

        if (groupId is uint group)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"--regid={group}"));
        }

        options.AddRange(["--clear-groups", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--", program]);
        return SpawnedProcess.Start(setpriv, [.. options, .. arguments], BuildEnvironment(settings), channelEnd);
    }

    // Only what a runtime needs, so that nothing secret in our environment reaches a process that talks to strangers.
    private static Dictionary<string, string> BuildEnvironment(IReadOnlyDictionary<string, string>? settings)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (name is "PATH" or "LANG" or "TZ" || name.StartsWith("DOTNET_", StringComparison.Ordinal))
            {
                result[name] = (string)entry.Value!;
            }
        }

        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
        {
            result.TryAdd(name, value);
        }

        // Diagnostics open a socket in /tmp through which the same user could load code; a server heap costs memory per core.
        result["DOTNET_EnableDiagnostics"] = "0";
        result["DOTNET_gcServer"] = "0";

        // The young generation in bytes, as a hexadecimal number: a worker allocates next to nothing, and would else keep as much as the processor has cache.
        result["DOTNET_GCgen0size"] = "100000";
        return result;
    }
}
