using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Net.Firewall;

namespace Net.Engine.Firewall.Lists;

/// <summary>Reads files of address lists. What is in a line is never repeated in a message: the engine may read files that whoever made the list may not.</summary>
internal static class AddressFile
{
    /// <summary>Lines a file may have.</summary>
    public const int MaxLines = 1_000_000;

    /// <summary>Bytes a file may have.</summary>
    public const long MaxBytes = 256L << 20;

    private const int LongestLine = 4096;
    private static readonly BigInteger s_mappedFirst = new(0xffff_0000_0000UL);

    /// <summary>Reads one address, prefix or range a line, with comments behind # or ;.</summary>
    /// <param name="reader">The text.</param>
    /// <exception cref="InvalidDataException">A line is none of them, or there are too many; the message names the line.</exception>
    public static ImmutableArray<AddressRange> ReadList(TextReader reader)
    {
        ImmutableArray<AddressRange>.Builder ranges = ImmutableArray.CreateBuilder<AddressRange>();
        foreach ((int number, string line) in Lines(reader))
        {
            int comment = line.AsSpan().IndexOfAny('#', ';');
            ReadOnlySpan<char> text = (comment < 0 ? line : line.AsSpan(0, comment)).Trim();
            if (text.IsEmpty)
            {
                continue;
            }

            if (!AddressRange.TryParse(text.ToString(), out AddressRange range) || range.IsReversed)
            {
                throw new InvalidDataException($"line {number} is not an address, a prefix or a range, lowest address first");
            }

            ranges.Add(range);
        }

        return ranges.DrainToImmutable();
    }

    /// <summary>Reads the networks of countries out of a CSV file with network and code, or first address, last address and code a line; further columns do not matter.
    /// Addresses may be numbers, as IP2Location writes them. Quotes are taken off; the first line may be a heading.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="countries">The codes that are wanted.</param>
    /// <exception cref="InvalidDataException">A line does not have that form; the message names it.</exception>
    public static ImmutableArray<AddressRange> ReadCountries(TextReader reader, IReadOnlyCollection<string> countries)
    {
        var wanted = new HashSet<string>(countries, StringComparer.OrdinalIgnoreCase);
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        ImmutableArray<AddressRange>.Builder ranges = ImmutableArray.CreateBuilder<AddressRange>();
        Span<Range> columns = stackalloc Range[4];
        foreach ((int number, string line) in Lines(reader))
        {
            ReadOnlySpan<char> text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
            {
                continue;
            }

            int count = text.Split(columns, ',');
            ReadOnlySpan<char> first = count > 0 ? Unquoted(text[columns[0]]) : default;
            bool isNetwork = first.Contains('/');
            int codeColumn = isNetwork ? 1 : 2;
            if (count <= codeColumn)
            {
                throw new InvalidDataException($"line {number} has neither network and code nor first address, last address and code");
            }

            ReadOnlySpan<char> code = Unquoted(text[columns[codeColumn]]);
            AddressRange range = default;
            bool isGood = isNetwork ? AddressRange.TryParse(first.ToString(), out range) : TryRange(first, Unquoted(text[columns[1]]), out range);
            if (!isGood && number == 1)
            {
                continue;
            }

            if (!isGood || range.IsReversed || code.Length > 2)
            {
                throw new InvalidDataException($"line {number} has neither network and code nor first address, last address and code");
            }

            if (lookup.Contains(code))
            {
                ranges.Add(range);
            }
        }

        return ranges.DrainToImmutable();
    }

    private static IEnumerable<(int Number, string Line)> Lines(TextReader reader)
    {
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            if (++number > MaxLines)
            {
                throw new InvalidDataException($"it has more than {MaxLines} lines");
            }

            if (line.Length > LongestLine)
            {
                throw new InvalidDataException($"line {number} has more than {LongestLine} characters");
            }

            yield return (number, line);
        }
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> text) => text.Trim().Trim('"').Trim();

    private static bool TryRange(ReadOnlySpan<char> first, ReadOnlySpan<char> last, out AddressRange range)
    {
        range = default;
        bool isNumber = first.IndexOfAnyExceptInRange('0', '9') < 0 && last.IndexOfAnyExceptInRange('0', '9') < 0 && !first.IsEmpty && !last.IsEmpty && first.Length <= 39 && last.Length <= 39;
        if (!isNumber)
        {
            return AddressRange.TryParse($"{first}-{last}", out range);
        }

        BigInteger low = BigInteger.Parse(first, NumberStyles.None, CultureInfo.InvariantCulture);
        BigInteger high = BigInteger.Parse(last, NumberStyles.None, CultureInfo.InvariantCulture);
        if (high < low || high > BigInteger.Pow(2, 128) - 1)
        {
            return false;
        }

        // A file for IPv6 has IPv4 mapped into ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).
        bool isMapped = low >= s_mappedFirst && high <= s_mappedFirst + uint.MaxValue;
        bool isIPv4 = high <= uint.MaxValue || isMapped;
        BigInteger offset = isMapped ? s_mappedFirst : BigInteger.Zero;
        range = AddressRange.FromNumbers(isIPv4 ? RuleAddressFamily.IPv4 : RuleAddressFamily.IPv6, (UInt128)(low - offset), (UInt128)(high - offset));
        return true;
    }
}
