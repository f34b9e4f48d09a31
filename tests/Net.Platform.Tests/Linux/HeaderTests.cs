using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Tests.Linux;

/// <summary>Every constant and structure of the interop folder against what the C compiler makes of the headers.</summary>
public sealed class HeaderTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <stdio.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <pwd.h>
        #include <grp.h>
        #include <sched.h>
        #include <time.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/ioctl.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/socket.h>
        #include <sys/time.h>
        #include <sys/un.h>
        #include <netinet/in.h>
        #include <netinet/icmp6.h>
        #include <netinet/udp.h>
        #include <spawn.h>
        #include <signal.h>
        #include <sys/wait.h>
        #include <linux/if_ether.h>
        #include <linux/if_packet.h>
        #include <linux/if_tun.h>
        #include <linux/sockios.h>
        #include <linux/filter.h>
        #include <linux/if_packet.h>
        #include <linux/if_ether.h>
        #include <linux/if_arp.h>
        #include <linux/seccomp.h>
        #include <linux/audit.h>
        #include <linux/sock_diag.h>
        #include <sys/mman.h>
        #include <sys/prctl.h>
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/if.h>
        #include <linux/if_link.h>
        #include <linux/if_addr.h>
        #include <linux/neighbour.h>
        #include <linux/fib_rules.h>
        #include <linux/ethtool.h>
        #include <linux/netfilter.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nf_tables.h>
        #include <linux/netfilter/nfnetlink_conntrack.h>
        #include <linux/netfilter/nfnetlink_log.h>
        #include <linux/inet_diag.h>
        #include <netinet/tcp.h>
        #ifndef TUN_F_USO4 // Linux 6.2, younger than Debian 12's headers
        #define TUN_F_USO4 0x20
        #define TUN_F_USO6 0x40
        #endif
        """;

    private static readonly Type[] Declarations = [typeof(Libc), typeof(NetlinkApi), typeof(RtnetlinkApi), typeof(NftablesApi), typeof(EthtoolApi), typeof(TunnelApi), typeof(SpawnApi), typeof(GroupApi), typeof(TrafficApi), typeof(PacketApi), typeof(SeccompApi),
        typeof(ConntrackApi), typeof(PacketLogApi), typeof(TraceApi), typeof(SocketDiagApi)];

    // Not in the headers under our name, or longer there than what we read.
    private static readonly string[] OnlyPrefix = ["rtnl_link_stats64"];

    // The union of ifreq has no single name; ifr_data is a macro for one of its members. The kernel's last settings field is younger than Debian 12's headers.
    private static readonly string[] NotCompared = ["ethtool_link_settings.rate_matching", "ethtool_link_settings.reserved"];

    public static TheoryData<string> Declared => [.. Declarations.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Declared))]
    public void Constants_and_structures_are_as_the_headers_say(string declaration)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/gcc"), "needs gcc and linux-libc-dev");
        Type type = Declarations.Single(candidate => candidate.Name == declaration);
        (string Expression, long Ours)[] expected = [.. Constants(type), .. Structures(type)];

        long[] theirs = Evaluate([.. expected.Select(item => item.Expression)]);

        string[] differences =
        [
            .. expected.Zip(theirs).Where(pair => pair.First.Ours != pair.Second)
                .Select(pair => $"{pair.First.Expression} is {pair.Second}, declared as {pair.First.Ours}"),
        ];
        Assert.True(expected.Length > 0);
        Assert.Empty(differences);
    }

    private static IEnumerable<(string, long)> Constants(Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => field.IsLiteral && field.FieldType != typeof(string)))
        {
            yield return ($"(int)({field.Name})", Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<(string, long)> Structures(Type type)
    {
        MethodInfo sizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;
        foreach (Type structure in type.GetNestedTypes(BindingFlags.NonPublic).Where(nested => nested.IsValueType))
        {
            if (!OnlyPrefix.Contains(structure.Name))
            {
                yield return ($"sizeof(struct {structure.Name})", (int)sizeOf.MakeGenericMethod(structure).Invoke(null, null)!);
            }

            foreach (FieldInfo field in structure.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                if (!NotCompared.Contains($"{structure.Name}.{field.Name}"))
                {
                    yield return ($"offsetof(struct {structure.Name}, {field.Name})", (long)Marshal.OffsetOf(structure, field.Name));
                }
            }
        }
    }

    private static long[] Evaluate(string[] expressions)
    {
        var source = new StringBuilder(Headers).Append("\nint main(void) {\n");
        foreach (string expression in expressions)
        {
            source.Append(CultureInfo.InvariantCulture, $"  printf(\"%lld\\n\", (long long)({expression}));\n");
        }

        source.Append("  return 0;\n}\n");
        string folder = Directory.CreateTempSubdirectory("headers").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "check.c"), source.ToString());
            Run("gcc", $"-w -o {folder}/check {folder}/check.c");
            return [.. Run($"{folder}/check", "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output;
    }
}
