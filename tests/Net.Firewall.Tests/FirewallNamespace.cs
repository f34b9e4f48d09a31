using System.Diagnostics;
using System.Text.Json;

namespace Net.Firewall.Tests;

/// <summary>A network namespace of its own, to hand rule sets to the real nft; gone when disposed.</summary>
internal sealed class FirewallNamespace : IDisposable
{
    private static int s_count;
    private readonly string _name = $"fw-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public FirewallNamespace() => Execute("ip", input: null, "netns", "add", _name);

    /// <summary>Why no namespace can be made here, in a line, or null.</summary>
    public static string? Unavailable { get; } =
        !OperatingSystem.IsLinux() ? "nftables is on Linux"
        : Environment.UserName != "root" ? "needs root to make a network namespace"
        : new[] { "ip", "nft", "nsenter" }.FirstOrDefault(program => !IsInstalled(program)) is string missing ? $"needs the program {missing}"
        : null;

    /// <summary>Its name for ip.</summary>
    public string Name => _name;

    public void Apply(NftTransaction transaction)
    {
        if (!transaction.IsEmpty)
        {
            Run(transaction.ToString(), "-f", "-");
        }
    }

    /// <summary>Runs nft inside and returns what it printed; fails the test with nft's own words.</summary>
    public string Run(string? input, params ReadOnlySpan<string> arguments) =>
        Execute("nsenter", input, [$"--net=/run/netns/{_name}", "nft", .. arguments]);

    /// <summary>Runs a line of bash inside, which can send by /dev/udp and /dev/tcp; whether it succeeded.</summary>
    public bool Shell(string line)
    {
        using Process process = Process.Start(new ProcessStartInfo("nsenter", [$"--net=/run/netns/{_name}", "timeout", "5", "bash", "-c", line]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Runs ip inside.</summary>
    public void Ip(string arguments) => Execute("ip", input: null, ["-n", _name, .. arguments.Split(' ')]);

    /// <summary>
    /// What the table does, independent of its layout in chains: per hook the rules that are asked, whatever their order, then all counters
    /// by name. Chains nothing jumps to show up as well.
    /// </summary>
    public IReadOnlyList<string> Behaviour()
    {
        using JsonDocument ruleset = JsonDocument.Parse(Run(null, "-j", "list", "ruleset"));
        Dictionary<string, List<JsonElement>> chains = [];
        Dictionary<string, List<string>> maps = [];
        List<string> lines = [];
        List<string> hooks = [];
        foreach (JsonElement item in ruleset.RootElement.GetProperty("nftables").EnumerateArray())
        {
            JsonProperty property = item.EnumerateObject().Single();
            JsonElement value = property.Value;
            switch (property.Name)
            {
                case "chain":
                    chains.Add(value.GetProperty("name").GetString()!, []);
                    if (value.TryGetProperty("hook", out JsonElement hook))
                    {
                        hooks.Add(value.GetProperty("name").GetString()!);
                        lines.Add($"hook {hook} {value.GetProperty("prio")} {value.GetProperty("policy")}");
                    }

                    break;
                case "rule":
                    chains[value.GetProperty("chain").GetString()!].Add(value.GetProperty("expr"));
                    break;
                case "counter":
                    lines.Add($"counter {value.GetProperty("name")}");
                    break;
                case "metainfo":
                    break;
                case "map":
                    maps.Add(value.GetProperty("name").GetString()!, [.. value.GetProperty("elem").EnumerateArray().Select(element => element[1].GetProperty("jump").GetProperty("target").GetString()!)]);
                    break;
                case "set" when IsLayout(value.GetProperty("name").GetString()!):
                    break;
                case "set":
                    lines.Add($"set {value.GetProperty("name")} {value.GetProperty("type")} {(value.TryGetProperty("elem", out JsonElement elements) ? elements.GetRawText() : "")}");
                    break;
                default:
                    lines.Add($"{property.Name} {value.GetProperty("name")}");
                    break;
            }
        }

        lines.Sort(StringComparer.Ordinal);
        HashSet<string> reached = [.. hooks];
        foreach (string hook in hooks.Order(StringComparer.Ordinal))
        {
            HashSet<string> followed = [];
            Follow(hook, hook, chains, maps, reached, followed, lines);
        }

        // A rule may stand in several pages.
        lines = [.. lines.Distinct().Order(StringComparer.Ordinal)];
        lines.AddRange(chains.Keys.Where(name => !reached.Contains(name) && !FixedChain.All.Any(chain => chain.Name == name)).Select(name => $"unused {name}"));
        return lines;
    }

    /// <summary>Packets of every counter by name.</summary>
    public IReadOnlyDictionary<string, RuleCounter> Counters()
    {
        using JsonDocument counters = JsonDocument.Parse(Run(null, "-j", "list", "counters"));
        return counters.RootElement.GetProperty("nftables").EnumerateArray()
            .Where(item => item.TryGetProperty("counter", out _))
            .Select(item => item.GetProperty("counter"))
            .ToDictionary(
                counter => counter.GetProperty("name").GetString()!,
                counter => new RuleCounter(counter.GetProperty("packets").GetUInt64(), counter.GetProperty("bytes").GetUInt64()));
    }

    public void Dispose() => Execute("ip", input: null, "netns", "delete", _name);

    // Guards, pages and the chains of the layout are looked through: which packets come that far is another test's business.
    private static void Follow(string hook, string chain, Dictionary<string, List<JsonElement>> chains, Dictionary<string, List<string>> maps, HashSet<string> reached, HashSet<string> followed, List<string> lines)
    {
        foreach (JsonElement rule in chains[chain])
        {
            JsonElement last = rule[rule.GetArrayLength() - 1];
            List<string> targets = last.TryGetProperty("jump", out JsonElement jump) || last.TryGetProperty("goto", out jump) ? [jump.GetProperty("target").GetString()!]
                : last.TryGetProperty("vmap", out JsonElement lookup) ? maps[lookup.GetProperty("data").GetString()![1..]] : [];
            bool isLayout = targets.Count > 0 && IsLayout(targets[0]);
            if (!isLayout)
            {
                lines.Add($"{hook}: {rule.GetRawText()}");
            }

            foreach (string target in targets.Where(followed.Add))
            {
                reached.Add(target);
                Follow(isLayout ? hook : $"{hook} {target}", target, chains, maps, reached, followed, lines);
            }
        }
    }

    private static bool IsLayout(string name) => name.StartsWith("in_", StringComparison.Ordinal) || name.StartsWith("out_", StringComparison.Ordinal) || name.StartsWith("fwd_", StringComparison.Ordinal);

    private static bool IsInstalled(string program) =>
        new[] { "/usr/sbin", "/usr/bin", "/sbin", "/bin" }.Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Execute(string program, string? input, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        string failure = error.GetAwaiter().GetResult();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', start.ArgumentList)}: {failure[..Math.Min(failure.Length, 2000)]}");
        return output.GetAwaiter().GetResult();
    }
}
