using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Which rule is in which chunk chain, per direction and in order. The layout of a changed model is computed from the layout
/// before, so that rules stay where they are and a change touches the chunk it is in and no other.
/// </summary>
/// <param name="Inbound">Chunks of the input hook.</param>
/// <param name="Outbound">Chunks of the output hook.</param>
/// <param name="Forward">Chunks of the forward hook.</param>
public sealed record ChunkLayout(ImmutableArray<RuleChunk> Inbound, ImmutableArray<RuleChunk> Outbound, ImmutableArray<RuleChunk> Forward)
{
    /// <summary>Rules in a fresh chunk. A chain costs one jump per packet, a rewrite costs its length: 64 keeps both small.</summary>
    public const int TargetLength = 64;

    /// <summary>Rules a chunk may grow to before it splits.</summary>
    public const int MaxLength = 128;

    /// <summary>No rules.</summary>
    public static ChunkLayout Empty { get; } = new([], [], []);

    /// <summary>The chunks of one direction in order.</summary>
    public ImmutableArray<RuleChunk> Of(RuleDirection direction) => direction switch
    {
        RuleDirection.Inbound => Inbound,
        RuleDirection.Outbound => Outbound,
        _ => Forward,
    };

    /// <summary>Rules at the start of a direction that go into the base chain at most.</summary>
    private const int MaxHoisted = 8;

    /// <summary>Chunks of a direction up to which the base chain leads to each by itself.</summary>
    private const int MaxUngrouped = ChunkGroup.TargetLength;

    /// <summary>Groups of each direction, in order; none where there are few chunks.</summary>
    internal ImmutableArray<ImmutableArray<ChunkGroup>> Groups { get; init; } = [[], [], []];

    /// <summary>The groups of one direction in order; none where its chunks are few.</summary>
    internal ImmutableArray<ChunkGroup> GroupsOf(RuleDirection direction) => Groups[(int)direction];

    /// <summary>The layout of a model; depends on nothing but the layout before and the model.</summary>
    internal static ChunkLayout For(FirewallModel model, ChunkLayout previous)
    {
        List<Rule>[] byDirection = [[], [], []];
        foreach (Rule rule in model.Rules)
        {
            byDirection[(int)rule.Direction].Add(rule);
        }

        var layout = new ChunkLayout(
            Arrange(RuleDirection.Inbound, byDirection[0], previous.Inbound),
            Arrange(RuleDirection.Outbound, byDirection[1], previous.Outbound),
            Arrange(RuleDirection.Forward, byDirection[2], previous.Forward));
        return layout with
        {
            Groups =
            [
                Group(RuleDirection.Inbound, layout.Inbound, previous),
                Group(RuleDirection.Outbound, layout.Outbound, previous),
                Group(RuleDirection.Forward, layout.Forward, previous),
            ],
        };
    }

    // Chunks never change their order, so neighbours stay neighbours: each stays in its group, and a new one joins the chunk before it.
    private static ImmutableArray<ChunkGroup> Group(RuleDirection direction, ImmutableArray<RuleChunk> chunks, ChunkLayout previous)
    {
        ImmutableArray<ChunkGroup> before = previous.GroupsOf(direction);
        if (chunks.Length <= (before.IsEmpty ? MaxUngrouped : MaxUngrouped / 2))
        {
            return [];
        }

        Dictionary<int, ChunkGroup> groupOf = [];
        HashSet<int> taken = [];
        foreach (ChunkGroup group in before)
        {
            taken.Add(group.Number);
            foreach (RuleChunk chunk in group.Chunks)
            {
                groupOf.Add(chunk.Number, group);
            }
        }

        ImmutableArray<ChunkGroup>.Builder groups = ImmutableArray.CreateBuilder<ChunkGroup>();
        int free = 0;
        int start = 0;
        while (start < chunks.Length)
        {
            ChunkGroup? old = groupOf.GetValueOrDefault(chunks[start].Number);
            int end = start + 1;
            while (end < chunks.Length && (!groupOf.TryGetValue(chunks[end].Number, out ChunkGroup? next) || next == old))
            {
                end++;
            }

            int length = end - start;
            int pieces = old is null ? (length + ChunkGroup.TargetLength - 1) / ChunkGroup.TargetLength : length > ChunkGroup.MaxLength ? length / ChunkGroup.TargetLength : 1;
            for (int piece = 0; piece < pieces; piece++)
            {
                int from = start + (int)((long)length * piece / pieces);
                int to = start + (int)((long)length * (piece + 1) / pieces);
                bool isOld = old is not null && piece == 0;
                var group = new ChunkGroup(direction, isOld ? old!.Number : NextFree(taken, ref free), chunks[from..to]);
                groups.Add(isOld ? group.WithWorkOf(old!) : group);
            }

            start = end;
        }

        return groups.DrainToImmutable();
    }

    // What established connections meet comes before every question: rules at the start that ask for nothing but the state.
    private static int CountHoisted(ImmutableArray<Rule> rules)
    {
        int hoisted = 0;
        for (int i = 0; i < Math.Min(rules.Length, MaxHoisted); i++)
        {
            Rule rule = rules[i];
            if (!rule.Enabled)
            {
                continue;
            }

            bool isWide = rule.Conditions is { SourceLists.IsEmpty: true, DestinationLists.IsEmpty: true } conditions && conditions.ConnectionStates != ConnectionStates.None
                && rule.SourceAddresses.IsEmpty && rule.DestinationAddresses.IsEmpty && rule.SourcePorts.IsEmpty && rule.DestinationPorts.IsEmpty;
            if (!isWide)
            {
                break;
            }

            hoisted = i + 1;
        }

        return hoisted;
    }

    private static ImmutableArray<RuleChunk> Arrange(RuleDirection direction, List<Rule> rules, ImmutableArray<RuleChunk> previous)
    {
        int[] place = Place(rules, previous);
        HashSet<int> taken = [];
        foreach (RuleChunk chunk in previous)
        {
            taken.Add(chunk.Number);
        }

        ImmutableArray<RuleChunk>.Builder chunks = ImmutableArray.CreateBuilder<RuleChunk>();
        int free = 0;
        int start = 0;
        while (start < rules.Count)
        {
            int end = start + 1;
            while (end < rules.Count && place[end] == place[start])
            {
                end++;
            }

            // A run without an old chunk only exists when there was none at all: cut it into chunks of the target length.
            int length = end - start;
            bool isNew = previous.IsEmpty;
            int pieces = isNew ? (length + TargetLength - 1) / TargetLength : length > MaxLength ? length / TargetLength : 1;
            for (int piece = 0; piece < pieces; piece++)
            {
                int from = isNew ? start + (piece * TargetLength) : start + (int)((long)length * piece / pieces);
                int to = isNew ? Math.Min(from + TargetLength, end) : start + (int)((long)length * (piece + 1) / pieces);
                RuleChunk? old = !isNew && piece == 0 ? previous[place[start]] : null;
                ImmutableArray<Rule> own = [.. rules.GetRange(from, to - from)];
                var chunk = new RuleChunk(direction, old?.Number ?? NextFree(taken, ref free), own) { Hoisted = chunks.Count == 0 ? CountHoisted(own) : 0 };
                chunks.Add(old is null ? chunk : chunk.WithWorkOf(old));
            }

            start = end;
        }

        return chunks.DrainToImmutable();
    }

    // The index of the previous chunk each rule goes to, never falling along the list. Rules that kept their order keep their
    // chunk: the longest run of unmoved rules is found, and moved and new ones join the rule before them.
    private static int[] Place(List<Rule> rules, ImmutableArray<RuleChunk> previous)
    {
        int[] place = new int[rules.Count];
        if (previous.IsEmpty)
        {
            return place;
        }

        Dictionary<long, int> before = [];
        for (int index = 0; index < previous.Length; index++)
        {
            foreach (Rule rule in previous[index].Rules)
            {
                before[rule.Id] = index;
            }
        }

        // Longest non-decreasing subsequence by patience sorting: tails[n] ends the best run of length n + 1.
        int[] tails = new int[rules.Count];
        int[] link = new int[rules.Count];
        int length = 0;
        for (int i = 0; i < rules.Count; i++)
        {
            place[i] = before.TryGetValue(rules[i].Id, out int chunk) ? chunk : -1;
            if (place[i] < 0)
            {
                continue;
            }

            int low = 0;
            int high = length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (place[tails[middle]] <= place[i])
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            link[i] = low == 0 ? -1 : tails[low - 1];
            tails[low] = i;
            length = Math.Max(length, low + 1);
        }

        bool[] stays = new bool[rules.Count];
        for (int i = length == 0 ? -1 : tails[length - 1]; i >= 0; i = link[i])
        {
            stays[i] = true;
        }

        int current = length == 0 ? 0 : place[Array.IndexOf(stays, true)];
        for (int i = 0; i < place.Length; i++)
        {
            current = stays[i] ? place[i] : current;
            place[i] = current;
        }

        return place;
    }

    private static int NextFree(HashSet<int> taken, ref int free)
    {
        while (!taken.Add(free))
        {
            free++;
        }

        return free;
    }
}
