using System.Globalization;
using System.Text;

namespace Net.Overlay.Routing;

/// <summary>Numbers the distinct answers of a table while it is built: which peer is selected and which may send. There are few of them however many prefixes
/// there are, so a lookup's last step stays in the cache.</summary>
internal sealed class NextHopGroups
{
    private readonly Dictionary<int, int> _alone = [];
    private readonly Dictionary<string, int> _shared = new(StringComparer.Ordinal);
    private readonly List<int> _selected = [RoutingTable.NoRoute];
    private readonly List<int[]> _owners = [[]];

    /// <summary>By group, the peer that is selected; group 0 has no route.</summary>
    public int[] Selected => [.. _selected];

    /// <summary>By group, the peers that may send.</summary>
    public int[][] Owners => [.. _owners];

    /// <summary>The group of one prefix's routes.</summary>
    /// <param name="candidates">Routes of one prefix, best first. Those of the best's owner rank may send; others only claim the prefix.</param>
    public int IndexOf(ReadOnlySpan<OverlayRoute> candidates)
    {
        OverlayRoute best = candidates[0];
        int count = 1;
        while (count < candidates.Length && candidates[count].Owner == best.Owner)
        {
            count++;
        }

        if (count == 1)
        {
            if (!_alone.TryGetValue(best.PeerIndex, out int alone))
            {
                alone = Add(best.PeerIndex, [best.PeerIndex]);
                _alone.Add(best.PeerIndex, alone);
            }

            return alone;
        }

        int[] owners = new int[count];
        var key = new StringBuilder();
        for (int index = 0; index < count; index++)
        {
            owners[index] = candidates[index].PeerIndex;
            key.Append(CultureInfo.InvariantCulture, $"{owners[index]},");
        }

        string text = key.ToString();
        if (!_shared.TryGetValue(text, out int shared))
        {
            shared = Add(best.PeerIndex, owners);
            _shared.Add(text, shared);
        }

        return shared;
    }

    private int Add(int selected, int[] owners)
    {
        _selected.Add(selected);
        _owners.Add(owners);
        return _selected.Count - 1;
    }
}
