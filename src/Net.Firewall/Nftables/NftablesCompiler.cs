using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Turns the model into nftables transactions over the one table that is ours. Pure: nothing is run here. Models must have passed
/// <see cref="FirewallRuleValidator"/>. Base chains accept by default and jump to chunk chains of about 64 rules; every rule has
/// a named counter, so that a change rewrites one chunk and no counter is lost.
/// </summary>
public static class NftablesCompiler
{
    private static readonly RuleDirection[] s_directions = [RuleDirection.Inbound, RuleDirection.Outbound, RuleDirection.Forward];

    /// <summary>
    /// The whole table anew, whatever was in it before; needs no knowledge of what is there. Counters start at zero unless their
    /// values are given; packets counted between reading and applying are then lost.
    /// </summary>
    /// <param name="model">The rules.</param>
    /// <param name="counters">Values counters start with, by rule id; ids without a rule are ignored.</param>
    public static FirewallCompilation CompileFull(FirewallModel model, IReadOnlyDictionary<long, RuleCounter>? counters = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckIds(model);
        ChunkLayout layout = ChunkLayout.For(model, ChunkLayout.Empty);
        NftWriter writer = CreateWriter(model.Rules.Length);

        // Adding first makes the deletion succeed where there is no table yet.
        writer.Constant("add table inet netmod\ndelete table inet netmod\n"u8);
        int chains = WriteTable(writer, model, layout, counters);
        return Finish(writer, model, layout, chains);
    }

    /// <summary>
    /// The step from what stands to the next model: rewrites the chunks that differ, adds and deletes counters, touches nothing
    /// else. The transaction is empty when the datapath would not change, as after a rename.
    /// </summary>
    /// <param name="previous">What the datapath holds, from the compile that was applied last.</param>
    /// <param name="next">The rules to be.</param>
    public static FirewallCompilation CompileChange(CompiledFirewall previous, FirewallModel next)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(next);
        HashSet<long> ids = CheckIds(next);
        ChunkLayout layout = ChunkLayout.For(next, previous.Layout);

        Dictionary<(RuleDirection, int), RuleChunk> before = [];
        foreach (RuleChunk chunk in Chunks(previous.Layout))
        {
            before.Add((chunk.Direction, chunk.Number), chunk);
        }

        List<RuleChunk> flushed = [];
        List<RuleChunk> written = [];
        foreach (RuleChunk chunk in Chunks(layout))
        {
            bool exists = before.Remove((chunk.Direction, chunk.Number), out RuleChunk? old);
            if (!exists || !EmitAlike(old!, chunk))
            {
                written.Add(chunk);
                if (exists)
                {
                    flushed.Add(chunk);
                }
            }
        }

        List<RuleChunk> removed = [.. before.Values];
        List<RuleDirection> rewired = [];
        foreach (RuleDirection direction in s_directions)
        {
            if (!SameNumbers(previous.Layout.Of(direction), layout.Of(direction)))
            {
                rewired.Add(direction);
            }
        }

        List<long> added = [];
        HashSet<long> gone = [];
        foreach (Rule rule in previous.Model.Rules)
        {
            gone.Add(rule.Id);
        }

        foreach (Rule rule in next.Rules)
        {
            if (!gone.Remove(rule.Id))
            {
                added.Add(rule.Id);
            }
        }

        var result = new CompiledFirewall(next, layout);
        if (written.Count + removed.Count + rewired.Count + added.Count + gone.Count == 0)
        {
            return new FirewallCompilation(NftTransaction.Empty, result);
        }

        NftWriter writer = CreateWriter(written.Count * ChunkLayout.TargetLength);
        Flush(writer, flushed, removed, rewired);
        WriteChanges(writer, layout, added, written, rewired);

        // What is deleted must not be referred to any more: rules went above, now the chains, then the counters.
        foreach (RuleChunk chunk in removed)
        {
            writer.Constant("delete chain inet netmod "u8).Chunk(chunk).Constant("\n"u8);
        }

        foreach (Rule rule in previous.Model.Rules)
        {
            if (!ids.Contains(rule.Id))
            {
                writer.Constant("delete counter inet netmod r"u8).Number((ulong)rule.Id).Constant("\n"u8);
            }
        }

        return Finish(writer, next, layout, written.Count);
    }

    /// <summary>Deletes our table with all it holds; does nothing, without an error, where there is none.</summary>
    public static NftTransaction CompileRemoval() => new("add table inet netmod\ndelete table inet netmod\n"u8.ToArray());

    private static void Flush(NftWriter writer, List<RuleChunk> changed, List<RuleChunk> removed, List<RuleDirection> rewired)
    {
        foreach (RuleDirection direction in rewired)
        {
            writer.Constant("flush chain inet netmod "u8).BaseChain(direction).Constant("\n"u8);
        }

        foreach (RuleChunk chunk in changed.Concat(removed))
        {
            writer.Constant("flush chain inet netmod "u8).Chunk(chunk).Constant("\n"u8);
        }
    }

    // Single commands and not a block of the table: for a rule in such a block, or in "add rule", nft first reads every chain, set and counter
    // of every table (40 ms with 10,000 counters), for a chain with its rules it reads the names of the tables (5 ms). What it has not read it
    // does not know: a named set that a rule refers to has to be declared before it here, which changes nothing in the kernel.
    private static void WriteChanges(NftWriter writer, ChunkLayout layout, List<long> counters, List<RuleChunk> chunks, List<RuleDirection> rewired)
    {
        foreach (long id in counters)
        {
            writer.Constant("add counter inet netmod r"u8).Number((ulong)id).Constant("\n"u8);
        }

        foreach (RuleChunk chunk in chunks)
        {
            writer.Constant("add chain inet netmod "u8).Chunk(chunk).Constant(" {\n"u8);
            WriteRules(writer, chunk);
        }

        foreach (RuleDirection direction in rewired)
        {
            writer.Constant("add chain inet netmod "u8).BaseChain(direction).Constant(" {\n"u8);
            WriteJumps(writer, layout.Of(direction));
        }
    }

    private static int WriteTable(NftWriter writer, FirewallModel model, ChunkLayout layout, IReadOnlyDictionary<long, RuleCounter>? counters)
    {
        writer.Constant("table inet netmod {\n"u8);
        foreach (Rule rule in model.Rules)
        {
            WriteCounter(writer, rule.Id, counters);
        }

        writer.Constant("\tchain reject_any {\n\t\tmeta l4proto 6 reject with tcp reset\n\t\treject with icmpx type admin-prohibited\n\t}\n"u8);
        int chains = 0;
        foreach (RuleChunk chunk in Chunks(layout))
        {
            WriteChunk(writer, chunk);
            chains++;
        }

        foreach (RuleDirection direction in s_directions)
        {
            writer.Constant("\tchain "u8).BaseChain(direction).Constant(" {\n\t\ttype filter hook "u8).BaseChain(direction);
            writer.Constant(" priority filter; policy accept;\n"u8);
            WriteJumps(writer, layout.Of(direction));
        }

        writer.Constant("}\n"u8);
        return chains;
    }

    private static void WriteCounter(NftWriter writer, long id, IReadOnlyDictionary<long, RuleCounter>? counters)
    {
        writer.Constant("\tcounter r"u8).Number((ulong)id).Constant(" {"u8);
        if (counters is not null && counters.TryGetValue(id, out RuleCounter counter))
        {
            writer.Constant(" packets "u8).Number(counter.Packets).Constant(" bytes "u8).Number(counter.Bytes);
        }

        writer.Constant(" }\n"u8);
    }

    private static void WriteChunk(NftWriter writer, RuleChunk chunk)
    {
        writer.Constant("\tchain "u8).Chunk(chunk).Constant(" {\n"u8);
        WriteRules(writer, chunk);
    }

    private static void WriteRules(NftWriter writer, RuleChunk chunk)
    {
        foreach (Rule rule in chunk.Rules)
        {
            NftRuleWriter.Write(writer, rule);
        }

        writer.Constant("\t}\n"u8);
    }

    private static void WriteJumps(NftWriter writer, ImmutableArray<RuleChunk> chunks)
    {
        foreach (RuleChunk chunk in chunks)
        {
            writer.Constant("\t\tjump "u8).Chunk(chunk).Constant("\n"u8);
        }

        writer.Constant("\t}\n"u8);
    }

    private static bool EmitAlike(RuleChunk a, RuleChunk b)
    {
        ReadOnlySpan<Rule> left = a.Rules.AsSpan();
        ReadOnlySpan<Rule> right = b.Rules.AsSpan();
        while (true)
        {
            // Disabled rules are not in the datapath, so they may come and go.
            while (!left.IsEmpty && !left[0].Enabled)
            {
                left = left[1..];
            }

            while (!right.IsEmpty && !right[0].Enabled)
            {
                right = right[1..];
            }

            if (left.IsEmpty || right.IsEmpty)
            {
                return left.IsEmpty && right.IsEmpty;
            }

            if (!left[0].EmitsLike(right[0]))
            {
                return false;
            }

            left = left[1..];
            right = right[1..];
        }
    }

    private static bool SameNumbers(ImmutableArray<RuleChunk> a, ImmutableArray<RuleChunk> b)
    {
        bool same = a.Length == b.Length;
        for (int i = 0; same && i < a.Length; i++)
        {
            same = a[i].Number == b[i].Number;
        }

        return same;
    }

    private static IEnumerable<RuleChunk> Chunks(ChunkLayout layout) => layout.Inbound.Concat(layout.Outbound).Concat(layout.Forward);

    // The id becomes a name in the datapath, and two rules would share one counter without a word.
    private static HashSet<long> CheckIds(FirewallModel model)
    {
        HashSet<long> ids = new(model.Rules.Length);
        foreach (Rule rule in model.Rules)
        {
            if (rule.Id is < 1 or > Rule.LastGeneratedId || !ids.Add(rule.Id))
            {
                throw new ArgumentException($"Rule id {rule.Id} is out of range or used twice; validate the model first.", nameof(model));
            }
        }

        return ids;
    }

    private static NftWriter CreateWriter(int rules) => new(1024 + (rules * 112));

    private static FirewallCompilation Finish(NftWriter writer, FirewallModel model, ChunkLayout layout, int chains) =>
        new(new NftTransaction(writer.Written) { ChainsWritten = chains }, new CompiledFirewall(model, layout));
}
