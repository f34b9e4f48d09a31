using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Constants and structures of ngtcp2, GnuTLS and libsodium against what the C compiler makes of their headers.</summary>
public sealed class QuicHeaderTests
{
    private static readonly (Type Declarations, string Header, string Include)[] Declared =
    [
        (typeof(Ngtcp2Api), "/usr/include/ngtcp2/ngtcp2.h", "#include <ngtcp2/ngtcp2.h>"),
        (typeof(Ngtcp2CryptoApi), "/usr/include/ngtcp2/ngtcp2_crypto.h", "#include <ngtcp2/ngtcp2.h>\n#include <ngtcp2/ngtcp2_crypto.h>"),
        (typeof(GnutlsApi), "/usr/include/gnutls/abstract.h", "#include <gnutls/gnutls.h>\n#include <gnutls/abstract.h>"),
        (typeof(IpsecMbApi), "/usr/include/intel-ipsec-mb.h", "#include <intel-ipsec-mb.h>\ntypedef struct gcm_context_data gcm_context_data;"),
        (typeof(SodiumApi), "/usr/include/sodium.h", "#include <sodium.h>"),
    ];

    public static TheoryData<string> Names => [.. Declared.Select(item => item.Declarations.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Constants_and_structures_are_as_the_headers_say(string name)
    {
        (Type type, string header, string include) = Declared.Single(item => item.Declarations.Name == name);
        Assert.SkipUnless(File.Exists("/usr/bin/gcc") && File.Exists(header), $"needs gcc and {header}");
        Assert.SkipWhen(include.Contains("ngtcp2", StringComparison.Ordinal) && !IsNewEnough(), "the ngtcp2 headers here are older than 1.11");
        (string Expression, long Ours)[] expected = [.. Constants(type), .. Structures(type)];

        long[] theirs = Evaluate(include, [.. expected.Select(item => item.Expression)]);

        Assert.True(expected.Length > 0);
        Assert.Empty(expected.Zip(theirs).Where(pair => pair.First.Ours != pair.Second).Select(pair => $"{pair.First.Expression} is {pair.Second}, declared as {pair.First.Ours}"));
    }

    private static bool IsNewEnough()
    {
        string line = File.ReadLines("/usr/include/ngtcp2/version.h").First(text => text.Contains("NGTCP2_VERSION_NUM 0x", StringComparison.Ordinal));
        return int.Parse(line[(line.LastIndexOf('x') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) >= 0x010b00;
    }

    private static IEnumerable<(string, long)> Constants(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(field => field.IsLiteral && field.FieldType != typeof(string))
            .Select(field => ($"(int)({field.Name})", unchecked((long)(int)Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture))));

    private static IEnumerable<(string, long)> Structures(Type type)
    {
        MethodInfo sizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;
        foreach (Type structure in type.GetNestedTypes(BindingFlags.NonPublic).Where(nested => nested.IsValueType))
        {
            // Of the library's table only the beginning is declared, which all versions share.
            if (structure != typeof(IpsecMbApi.IMB_MGR))
            {
                yield return ($"sizeof({structure.Name})", (int)sizeOf.MakeGenericMethod(structure).Invoke(null, null)!);
            }

            foreach (FieldInfo field in structure.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                yield return ($"offsetof({structure.Name}, {field.Name})", (long)Marshal.OffsetOf(structure, field.Name));
            }
        }
    }

    private static long[] Evaluate(string include, string[] expressions)
    {
        var source = new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n").Append(include).Append("\nint main(void) {\n");
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
