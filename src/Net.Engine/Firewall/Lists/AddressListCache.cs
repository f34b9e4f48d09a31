using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Net.Engine.State;
using Net.Firewall;

namespace Net.Engine.Firewall.Lists;

/// <summary>Keeps on disk what sources of address lists held when they were last good, so that a start without network or files has it. One file a list,
/// <c>lists/ID.list</c> in the state folder: a heading, then for each source a line <c>@</c>, time and key, with an address, prefix or range a line behind it.</summary>
/// <param name="stateFolder">The engine's state folder.</param>
internal sealed class AddressListCache(string stateFolder)
{
    private const string Heading = "netmod address list 1";
    private readonly string _folder = Path.Combine(stateFolder, "lists");

    /// <summary>What is kept of a list; empty when nothing is, or it is damaged.</summary>
    /// <param name="listId">The list.</param>
    public List<AddressSource> Read(long listId)
    {
        string path = PathOf(listId);
        try
        {
            return File.Exists(path) ? Parse(File.ReadLines(path)) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // It is what was, not what is: the sources themselves are read soon.
            return [];
        }
    }

    /// <summary>Keeps the sources of a list.</summary>
    /// <exception cref="IOException">The disk is full or faulty; what was kept before stands.</exception>
    public void Write(long listId, IEnumerable<AddressSource> sources)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (AddressSource source in sources.Where(source => source.IsKnown))
        {
            text.Append(CultureInfo.InvariantCulture, $"@ {source.ReadAt?.ToUnixTimeSeconds() ?? 0} {source.Key}\n");
            foreach (AddressRange range in source.Addresses)
            {
                text.Append(range.ToString()).Append('\n');
            }
        }

        PrivateFolder.Ensure(_folder);
        AtomicFile.Write(PathOf(listId), Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Removes what is kept of lists that are not any more.</summary>
    public void RemoveOthers(IReadOnlySet<long> listIds)
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(_folder, "*.list"))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long id) && !listIds.Contains(id))
            {
                File.Delete(path);
            }
        }
    }

    private static List<AddressSource> Parse(IEnumerable<string> lines)
    {
        List<AddressSource> sources = [];
        ImmutableArray<AddressRange>.Builder ranges = ImmutableArray.CreateBuilder<AddressRange>();
        bool isFirst = true;
        foreach (string line in lines)
        {
            if (isFirst)
            {
                isFirst = false;
                if (line != Heading)
                {
                    return [];
                }
            }
            else if (line.StartsWith("@ ", StringComparison.Ordinal))
            {
                End();
                int space = line.IndexOf(' ', 2);
                long seconds = long.Parse(line.AsSpan(2, Math.Max(space - 2, 0)), NumberStyles.None, CultureInfo.InvariantCulture);
                DateTimeOffset readAt = DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
                sources.Add(new AddressSource(line[(space + 1)..]) { IsKnown = true, ReadAt = readAt });
            }
            else if (sources.Count > 0 && AddressRange.TryParse(line, out AddressRange range) && !range.IsReversed)
            {
                ranges.Add(range);
            }
            else
            {
                return [];
            }
        }

        End();
        return sources;

        void End()
        {
            if (sources.Count > 0)
            {
                sources[^1].Addresses = ranges.DrainToImmutable();
            }
        }
    }

    private string PathOf(long listId) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{listId}.list"));
}
