using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Arranges the rules of a direction in chunks and paged blocks, starting from how they were arranged before.</summary>
internal sealed class LayoutBuilder
{
    /// <summary>Branches inside branches; each costs the kernel a place on its stack of 16 jumps.</summary>
    private const int MaxDepth = 3;

    /// <summary>Parts up to which it is not asked whether arranging all rules anew would take fewer.</summary>
    private const int FewParts = 8;

    private readonly RuleDirection _direction;
    private readonly RuleBranch _previous;
    private readonly HashSet<int> _taken = [];
    private readonly ChunkGrouping _groups;
    private int _free;

    /// <summary>Begins.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="previous">How it was arranged before.</param>
    public LayoutBuilder(RuleDirection direction, RuleBranch previous)
    {
        _direction = direction;
        _previous = previous;
        _groups = new ChunkGrouping(direction);
        Take(previous);
    }

    /// <summary>Arranges all rules.</summary>
    /// <param name="rules">The rules in order.</param>
    public RuleBranch Arrange(List<Rule> rules) => MakeBranch(RuleBranch.RootNumber, rules, _previous, depth: 0);

    private RuleBranch MakeBranch(int number, IReadOnlyList<Rule> rules, RuleBranch? previous, int depth)
    {
        List<LayoutPart> parts = previous is null || previous.Parts.IsEmpty ? Build(rules, depth) : Update(rules, previous, depth);
        int arranged = previous is null || previous.Parts.IsEmpty ? parts.Count : previous.PartsArranged;

        // Every rule that fits into no page cuts a block in two. One day that is worth a fresh start, which rewrites most chains.
        if (parts.Count > Math.Max(FewParts, 2 * arranged))
        {
            List<LayoutPart> fresh = Build(rules, depth);
            parts = fresh.Count * 2 <= parts.Count ? fresh : parts;
            arranged = parts.Count;
        }

        ImmutableArray<LayoutPart> all = [.. parts];
        return new RuleBranch(_direction, number, [.. rules], all) { Groups = _groups.Find(all, previous?.Groups ?? []), PartsArranged = arranged };
    }

    private List<LayoutPart> Build(IReadOnlyList<Rule> rules, int depth)
    {
        List<LayoutPart> parts = [];
        int plain = 0;
        if (depth < MaxDepth && rules.Count(rule => rule.Enabled) >= PagedBlock.MinRules)
        {
            var runs = new PageRuns(rules);
            for (int i = 0; i < rules.Count;)
            {
                if (runs.Find(i) is not { } trial)
                {
                    i++;
                    continue;
                }

                AddChunks(parts, Slice(rules, plain, i));
                int end = i + trial.Values.Length;
                parts.Add(MakeBlock(trial, Slice(rules, i, end), depth));
                i = end;
                plain = i;
            }
        }

        AddChunks(parts, Slice(rules, plain, rules.Count));
        return parts;
    }

    private PagedBlock MakeBlock(PageTrial trial, IReadOnlyList<Rule> rules, int depth)
    {
        int number = NextFree();
        ImmutableArray<PageMap> maps =
        [
            .. trial.Starts.Select((starts, kind) => new PageMap(
                PageKeys.KindsOf(trial.Dimension)[kind],
                [.. starts.Select(start => new LayoutPage(start, new RuleChunk(_direction, NextFree(), [])))])),
        ];
        return Repage(new PagedBlock(_direction, number, [], trial.Dimension, [], maps), rules, trial.Values, changed: null, depth);
    }

    private void AddChunks(List<LayoutPart> parts, IReadOnlyList<Rule> rules)
    {
        int pieces = (rules.Count + RuleChunk.TargetLength - 1) / RuleChunk.TargetLength;
        for (int piece = 0; piece < pieces; piece++)
        {
            parts.Add(new RuleChunk(_direction, NextFree(), [.. Slice(rules, (int)((long)rules.Count * piece / pieces), (int)((long)rules.Count * (piece + 1) / pieces))]));
        }
    }

    private List<LayoutPart> Update(IReadOnlyList<Rule> rules, RuleBranch previous, int depth)
    {
        int[] place = LayoutPlacement.Find(rules, previous.Parts);
        List<LayoutPart> parts = [];
        for (int start = 0; start < rules.Count;)
        {
            int end = start + 1;
            while (end < rules.Count && place[end] == place[start])
            {
                end++;
            }

            IReadOnlyList<Rule> own = Slice(rules, start, end);
            if (previous.Parts[place[start]] is PagedBlock block)
            {
                parts.AddRange(UpdateBlock(block, own, depth));
            }
            else
            {
                parts.AddRange(UpdateChunk((RuleChunk)previous.Parts[place[start]], own, depth));
            }

            start = end;
        }

        return parts;
    }

    private List<LayoutPart> UpdateChunk(RuleChunk old, IReadOnlyList<Rule> rules, int depth)
    {
        if (rules.Count <= RuleChunk.MaxLength)
        {
            return [new RuleChunk(_direction, old.Number, [.. rules]).WithWorkOf(old)];
        }

        // The first chunk keeps the name, and what is in front of it is not written anew.
        List<LayoutPart> parts = Build(rules, depth);
        int first = parts.FindIndex(part => part is RuleChunk);
        if (first >= 0)
        {
            parts[first] = new RuleChunk(_direction, old.Number, parts[first].Rules);
        }

        return parts;
    }

    private List<LayoutPart> UpdateBlock(PagedBlock old, IReadOnlyList<Rule> rules, int depth)
    {
        List<NumberInterval[][]?> changed = [];
        NumberInterval[][]?[] values = old.ValuesOf(rules, changed);
        if (values.Count(value => value is not null) < PagedBlock.MinRules / 2)
        {
            return Build(rules, depth);
        }

        List<(int Start, int End, bool Fits)> pieces = CutWhereNotFitting(old, rules, values, changed);
        if (pieces.Count == 1)
        {
            return pieces[0].Fits ? [Repage(old, rules, values, changed, depth)] : Build(rules, depth);
        }

        // Too many to go on from here.
        return pieces.Count > FewParts + 1 ? Build(rules, depth) : Divide(old, rules, values, pieces, depth);
    }

    private static List<(int Start, int End, bool Fits)> CutWhereNotFitting(PagedBlock block, IReadOnlyList<Rule> rules, NumberInterval[][]?[] values, List<NumberInterval[][]?> changed)
    {
        // Those that stood here already fit.
        HashSet<NumberInterval[][]> wide = [.. changed.OfType<NumberInterval[][]>().Where(value => CountPages(block, value) > 2 * PageRuns.MaxPages)];
        List<(int Start, int End, bool Fits)> pieces = [];
        for (int i = 0; i < rules.Count; i++)
        {
            bool fits = !rules[i].Enabled || (values[i] is { } value && (wide.Count == 0 || !wide.Contains(value)));
            if (pieces.Count > 0 && pieces[^1].Fits == fits)
            {
                pieces[^1] = pieces[^1] with { End = i + 1 };
            }
            else
            {
                pieces.Add((i, i + 1, fits));
            }
        }

        return pieces;
    }

    private static int CountPages(PagedBlock block, NumberInterval[][] values)
    {
        int count = 0;
        for (int kind = 0; kind < values.Length; kind++)
        {
            PageMap map = block.Maps[kind];
            foreach (NumberInterval value in map.Pages.IsEmpty ? [] : values[kind])
            {
                count += map.IndexOf(value.Last) - map.IndexOf(value.First) + 1;
            }
        }

        return count;
    }

    // Rules that fit into no page stand between blocks. A page all of whose rules are on one side of them goes on as it is.
    private List<LayoutPart> Divide(PagedBlock old, IReadOnlyList<Rule> rules, NumberInterval[][]?[] values, List<(int Start, int End, bool Fits)> pieces, int depth)
    {
        int largest = 0;
        for (int piece = 1; piece < pieces.Count; piece++)
        {
            bool isLarger = !pieces[largest].Fits || pieces[piece].End - pieces[piece].Start > pieces[largest].End - pieces[largest].Start;
            largest = pieces[piece].Fits && isLarger ? piece : largest;
        }

        bool[] isBlock = [.. pieces.Select((piece, index) => piece.Fits && (index == largest || CountOf(values, piece.Start, piece.End) >= PagedBlock.MinRules))];
        var pages = new List<int>?[pieces.Count][][];
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            pages[piece] = isBlock[piece] ? [.. old.Maps.Select((map, kind) => Distribute(map, kind, values, Enumerable.Range(pieces[piece].Start, pieces[piece].End - pieces[piece].Start), PageKeys.MaxOf(map.Kind), changed: null))] : [];
        }

        List<LayoutPart> parts = [];
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            IReadOnlyList<Rule> own = Slice(rules, pieces[piece].Start, pieces[piece].End);
            if (!isBlock[piece])
            {
                parts.AddRange(Build(own, depth));
                continue;
            }

            ImmutableArray<PageMap>.Builder maps = ImmutableArray.CreateBuilder<PageMap>();
            for (int kind = 0; kind < old.Maps.Length; kind++)
            {
                ImmutableArray<LayoutPage>.Builder kept = ImmutableArray.CreateBuilder<LayoutPage>();
                for (int page = 0; page < old.Maps[kind].Pages.Length; page++)
                {
                    int count = pages[piece][kind][page]!.Count;
                    LayoutPage before = old.Maps[kind].Pages[page];
                    if (count > 0)
                    {
                        bool isOwner = !Enumerable.Range(0, pieces.Count).Any(other => isBlock[other] && IsRather(pages[other][kind][page]!.Count, other, count, piece));
                        kept.Add(new LayoutPage(kept.Count == 0 ? 0 : before.First, isOwner ? before.Content : new RuleChunk(_direction, NextFree(), [])));
                    }
                }

                maps.Add(new PageMap(old.Maps[kind].Kind, kept.DrainToImmutable(), old.Maps[kind].Capacity));
            }

            NumberInterval[][]?[] ownValues = values[pieces[piece].Start..pieces[piece].End];
            parts.Add(Repage(new PagedBlock(_direction, piece == largest ? old.Number : NextFree(), [], old.Dimension, [], maps.DrainToImmutable()), own, ownValues, changed: null, depth));
        }

        return parts;

        static bool IsRather(int count, int piece, int otherCount, int otherPiece) => count > otherCount || (count == otherCount && piece < otherPiece);
    }

    // The rules of a block in its pages. Where pages begin stays, but for those that grew too long and maps that are new or nearly empty.
    // What changed says which pages to look at; null for all of them.
    private PagedBlock Repage(PagedBlock old, IReadOnlyList<Rule> rules, NumberInterval[][]?[] values, List<NumberInterval[][]?>? changed, int depth)
    {
        ImmutableArray<PageMap>.Builder maps = ImmutableArray.CreateBuilder<PageMap>(old.Maps.Length);
        for (int kind = 0; kind < old.Maps.Length; kind++)
        {
            PageMap map = old.Maps[kind];
            int count = 0;
            foreach (NumberInterval[][]? value in values)
            {
                count += value is not null && value[kind].Length > 0 ? 1 : 0;
            }

            if (count == 0)
            {
                maps.Add(map with { Pages = [] });
                continue;
            }

            bool isFresh = map.Pages.IsEmpty || (map.Pages.Length > LayoutPage.MaxLength && map.Pages.Length > count);
            bool isHashed = isFresh ? PageKeys.AreSingle(values, kind) : map.IsHashed;
            if (isFresh)
            {
                UInt128[] starts = PageStarts.Find(values, kind, 0, PageKeys.MaxOf(map.Kind), LayoutPage.TargetOf(isHashed));
                map = map with { Pages = [.. starts.Select(start => new LayoutPage(start, new RuleChunk(_direction, NextFree(), [])))] };
            }

            if (!isFresh && isHashed && changed?.Count <= PageOverflow.MaxChanged && PageKeys.AreSingle([.. changed], kind) && TryOverflow(map, kind, rules, values, changed) is { } small)
            {
                maps.Add(small);
                continue;
            }

            // What a small change left behind is anywhere.
            ImmutableArray<LayoutPage> pages = UpdatePages(map, isHashed, kind, rules, values, isFresh || isHashed ? null : changed, depth);
            int capacity = PageMap.CapacityOf(pages, map.Capacity);
            maps.Add(capacity == 0
                ? new PageMap(map.Kind, pages)
                : map with { Pages = WithoutEmpty(pages), Capacity = capacity, Overflow = new RuleChunk(_direction, map.Overflow?.Number ?? NextFree(), []) });
        }

        return new PagedBlock(_direction, old.Number, [.. rules], old.Dimension, values, maps.DrainToImmutable());
    }

    // The same elements, other rules in the chains they lead to; null where that does not do.
    private PageMap? TryOverflow(PageMap map, int kind, IReadOnlyList<Rule> rules, NumberInterval[][]?[] values, List<NumberInterval[][]?> changed)
    {
        if (map.Overflow is not { } overflow || PageOverflow.Find(map, kind, values) is not { } behind)
        {
            return null;
        }

        List<int>?[] contents = Distribute(map, kind, values, AllOf(rules), PageKeys.MaxOf(map.Kind), changed);
        ImmutableArray<LayoutPage>.Builder pages = map.Pages.ToBuilder();
        for (int page = 0; page < contents.Length; page++)
        {
            if (contents[page] is not { } content)
            {
                continue;
            }

            List<int> led = PageOverflow.Led(map, page, kind, values, content);
            if (led.Count > LayoutPage.MaxLength || pages[page].Content is not RuleChunk chunk)
            {
                return null;
            }

            pages[page] = pages[page] with { Content = new RuleChunk(_direction, chunk.Number, [.. Pick(rules, led)]) };
        }

        return map with { Pages = pages.DrainToImmutable(), Overflow = new RuleChunk(_direction, overflow.Number, [.. Pick(rules, behind)]) };
    }

    private ImmutableArray<LayoutPage> UpdatePages(PageMap map, bool isHashed, int kind, IReadOnlyList<Rule> rules, NumberInterval[][]?[] values, List<NumberInterval[][]?>? changed, int depth)
    {
        List<int>?[] contents = Distribute(map, kind, values, AllOf(rules), PageKeys.MaxOf(map.Kind), changed);
        ImmutableArray<LayoutPage>.Builder pages = ImmutableArray.CreateBuilder<LayoutPage>(map.Pages.Length);
        for (int page = 0; page < contents.Length; page++)
        {
            LayoutPage before = map.Pages[page];
            if (contents[page] is not { } content)
            {
                pages.Add(before);
                continue;
            }

            UInt128[] starts = before.Content is RuleChunk && content.Count > LayoutPage.MaxOf(isHashed)
                ? PageStarts.Find([.. content.Select(rule => values[rule])], kind, before.First, map.LastOf(page), LengthAfterCut(content.Count, isHashed))
                : [before.First];
            if (starts.Length == 1)
            {
                pages.Add(new LayoutPage(before.First, UpdateContent(before.Content, Pick(rules, content), depth), SinglesOf(values, kind, content, before.First, map.LastOf(page))));
                continue;
            }

            PageMap cut = map with { Pages = [.. starts.Select((start, index) => new LayoutPage(start, index == 0 ? before.Content : new RuleChunk(_direction, NextFree(), [])))] };
            List<int>?[] cutContents = Distribute(cut, kind, values, content, map.LastOf(page), changed: null);
            for (int index = 0; index < cutContents.Length; index++)
            {
                LayoutPage piece = cut.Pages[index];
                UInt128 last = index + 1 < starts.Length ? starts[index + 1] - 1 : map.LastOf(page);
                pages.Add(new LayoutPage(piece.First, UpdateContent(piece.Content, Pick(rules, cutContents[index]!), depth), SinglesOf(values, kind, cutContents[index]!, piece.First, last)));
            }
        }

        return pages.DrainToImmutable();
    }

    // Nothing leads to an empty page of a hash map. What is before it reaches over its range.
    private static ImmutableArray<LayoutPage> WithoutEmpty(ImmutableArray<LayoutPage> pages)
    {
        ImmutableArray<LayoutPage> filled = pages.RemoveAll(page => page.Singles!.Length == 0);
        return filled.SetItem(0, filled[0] with { First = 0 });
    }

    // In halves, unless there are so many that these would be long again.
    private static int LengthAfterCut(int count, bool isHashed) => count <= 2 * LayoutPage.MaxOf(isHashed) ? (count + 1) / 2 : LayoutPage.TargetOf(isHashed);

    // The values from first to last that rules ask for; null where one asks for a range.
    private static UInt128[]? SinglesOf(NumberInterval[][]?[] values, int kind, List<int> rules, UInt128 first, UInt128 last)
    {
        SortedSet<UInt128> singles = [];
        foreach (int rule in rules)
        {
            foreach (NumberInterval value in values[rule]![kind])
            {
                if (value.Last < first || value.First > last)
                {
                    continue;
                }

                if (value.First != value.Last)
                {
                    return null;
                }

                singles.Add(value.First);
            }
        }

        return [.. singles];
    }

    private static IEnumerable<int> AllOf(IReadOnlyList<Rule> rules) => Enumerable.Range(0, rules.Count);

    // The rules in force of each page, in order, by their index; null for a page that nothing changed in.
    private static List<int>?[] Distribute(PageMap map, int kind, NumberInterval[][]?[] values, IEnumerable<int> rules, UInt128 last, List<NumberInterval[][]?>? changed)
    {
        var contents = new List<int>?[map.Pages.Length];
        int low = contents.Length;
        int high = -1;
        for (int page = 0; changed is null && page < contents.Length; page++)
        {
            contents[page] = [];
            (low, high) = (0, page);
        }

        foreach (NumberInterval[][]? rule in contents.Length == 0 ? [] : changed ?? [])
        {
            foreach (NumberInterval value in rule?[kind] ?? [])
            {
                int to = map.IndexOf(value.Last);
                low = Math.Min(low, map.IndexOf(value.First));
                high = Math.Max(high, to);
                for (int page = map.IndexOf(value.First); page <= to; page++)
                {
                    contents[page] ??= [];
                }
            }
        }

        if (high < 0)
        {
            return contents;
        }

        UInt128 first = map.Pages[low].First;
        last = UInt128.Min(last, map.LastOf(high));
        foreach (int rule in rules)
        {
            foreach (NumberInterval value in values[rule] is { } own ? own[kind] : [])
            {
                if (value.Last < first || value.First > last)
                {
                    continue;
                }

                int to = map.IndexOf(value.Last);
                for (int page = map.IndexOf(value.First); page <= to; page++)
                {
                    if (contents[page] is { } content && (content.Count == 0 || content[^1] != rule))
                    {
                        content.Add(rule);
                    }
                }
            }
        }

        return contents;
    }

    private LayoutPart UpdateContent(LayoutPart old, Rule[] rules, int depth) => old is RuleBranch branch && rules.Length > LayoutPage.MaxLength
        ? MakeBranch(old.Number, rules, branch, depth + 1)
        : MakeContent(old.Number, rules, depth);

    private LayoutPart MakeContent(int number, Rule[] rules, int depth)
    {
        if (rules.Length > LayoutPage.MaxUncut)
        {
            RuleBranch branch = MakeBranch(number, rules, previous: null, depth + 1);
            if (branch.Parts.Length > 1 || branch.Parts[0] is PagedBlock)
            {
                return branch;
            }
        }

        return new RuleChunk(_direction, number, [.. rules]);
    }

    private void Take(LayoutPart part)
    {
        _taken.Add(part.Number);
        switch (part)
        {
            case RuleBranch branch:
                _groups.Take(branch.Groups);
                foreach (LayoutPart child in branch.Parts)
                {
                    Take(child);
                }

                break;
            case PagedBlock block:
                foreach (PageMap map in block.Maps)
                {
                    if (map.Overflow is { } overflow)
                    {
                        Take(overflow);
                    }

                    foreach (LayoutPage page in map.Pages)
                    {
                        Take(page.Content);
                    }
                }

                break;
            default:
                break;
        }
    }

    private int NextFree()
    {
        while (!_taken.Add(_free))
        {
            _free++;
        }

        return _free;
    }

    private static int CountOf(NumberInterval[][]?[] values, int start, int end) => values.AsSpan(start, end - start).ToArray().Count(value => value is not null);

    private static Rule[] Pick(IReadOnlyList<Rule> rules, List<int> indexes)
    {
        var picked = new Rule[indexes.Count];
        for (int i = 0; i < picked.Length; i++)
        {
            picked[i] = rules[indexes[i]];
        }

        return picked;
    }

    private static IReadOnlyList<Rule> Slice(IReadOnlyList<Rule> rules, int start, int end)
    {
        if (start == 0 && end == rules.Count)
        {
            return rules;
        }

        var slice = new Rule[end - start];
        for (int i = start; i < end; i++)
        {
            slice[i - start] = rules[i];
        }

        return slice;
    }
}
