namespace Net.Firewall;

/// <summary>
/// Turns the model into nftables transactions over the one table that is ours. Pure: nothing is run here. Models must have passed
/// <see cref="FirewallRuleValidator"/>. Base chains accept by default. Rules that an address or a port tells apart are cut into pages of 2 to 8 by its values, and one
/// look-up leads a packet to its page (<see cref="PagedBlock"/>); all others are in chunks of about 64 behind guards. Every rule has a named counter, whichever chains
/// it stands in, so that a change rewrites one or two chains and no counter is lost.
/// </summary>
/// <remarks>
/// A packet length is that of the packet the kernel sees: what segmentation offload put together (GRO on receive, GSO on send) is one long packet.
/// A NAT rule that went stays in force for the connections it translated, for connection tracking remembers their addresses; delete their
/// entries to end that.
/// </remarks>
public static class NftablesCompiler
{
    /// <summary>
    /// The whole table anew, whatever was in it before; needs no knowledge of what is there. Counters start at zero unless their
    /// values are given; packets counted between reading and applying are then lost. Dynamic lists start empty unless the options say what they hold.
    /// </summary>
    /// <param name="model">The rules.</param>
    /// <param name="counters">Values counters start with, by the id of the rule or NAT rule; ids without a rule are ignored.</param>
    /// <param name="options">What is known of the host; null for nothing.</param>
    /// <exception cref="ArgumentException">The model would not pass validation.</exception>
    public static FirewallCompilation CompileFull(
        FirewallModel model,
        IReadOnlyDictionary<long, RuleCounter>? counters = null,
        FirewallCompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckIds(model);
        var result = new CompiledFirewall(model) { Layout = TableLayout.For(model, TableLayout.Empty), Options = options ?? FirewallCompileOptions.Default };
        TablePlan plan = result.Plan;
        NftWriter writer = CreateWriter(model.Rules.Length);

        // Adding first makes the deletion succeed where there is no table yet.
        writer.Constant("add table inet netmod\ndelete table inet netmod\ntable inet netmod {\n"u8);
        foreach (Rule rule in model.Rules)
        {
            WriteCounter(writer, isNat: false, rule.Id, counters);
        }

        foreach (NatRule rule in model.NatRules)
        {
            WriteCounter(writer, isNat: true, rule.Id, counters);
        }

        writer.Constant(model.KeptSessions.IsEmpty ? [] : "\tcounter kept { }\n"u8);
        foreach (NftSet set in plan.Sets)
        {
            set.WriteDefinition(writer);
        }

        int chunks = 0;
        foreach (TableChain chain in plan.Chains)
        {
            chain.Write(writer, isNew: true);
            chunks += chain.IsChunk ? 1 : 0;
        }

        writer.Constant("}\n"u8);
        return Finish(writer, result, chunks);
    }

    /// <summary>
    /// The step from what stands to the next model: rewrites the chains that differ, adds and deletes elements of sets, counters and sets, touches
    /// nothing else. The transaction is empty when the datapath would not change, as after a rename. What rules put into
    /// dynamic lists and what their limits remember stays, but for a list whose size or kind changes and a rule whose limit changes.
    /// </summary>
    /// <param name="previous">What the datapath holds, from the compile that was applied last.</param>
    /// <param name="next">The rules to be.</param>
    /// <param name="options">What is known of the host; null for the same as before.</param>
    /// <exception cref="ArgumentException">The model would not pass validation.</exception>
    public static FirewallCompilation CompileChange(CompiledFirewall previous, FirewallModel next, FirewallCompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(next);
        CheckIds(next);
        var result = new CompiledFirewall(next) { Layout = TableLayout.For(next, previous.Layout), Options = options ?? previous.Options };
        var change = new TableChange(previous, result);
        if (change.IsEmpty)
        {
            return new FirewallCompilation(NftTransaction.Empty, result);
        }

        NftWriter writer = CreateWriter(change.ChunksWritten * LayoutPage.MaxLength);
        change.Write(writer);
        return Finish(writer, result, change.ChunksWritten);
    }

    /// <summary>Deletes our table with all it holds; does nothing, without an error, where there is none.</summary>
    public static NftTransaction CompileRemoval() => new("add table inet netmod\ndelete table inet netmod\n"u8.ToArray());

    /// <summary>Writes the counter of a rule into a table's block.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isNat">Whether it is a NAT rule.</param>
    /// <param name="id">Its id.</param>
    /// <param name="counters">Values to start with.</param>
    internal static void WriteCounter(NftWriter writer, bool isNat, long id, IReadOnlyDictionary<long, RuleCounter>? counters)
    {
        writer.Constant(isNat ? "\tcounter n"u8 : "\tcounter r"u8).Number((ulong)id).Constant(" {"u8);
        if (counters is not null && counters.TryGetValue(id, out RuleCounter counter))
        {
            writer.Constant(" packets "u8).Number(counter.Packets).Constant(" bytes "u8).Number(counter.Bytes);
        }

        writer.Constant(" }\n"u8);
    }

    // The id becomes a name in the datapath, and two rules would share one counter without a word.
    private static void CheckIds(FirewallModel model)
    {
        HashSet<long> ids = new(model.Rules.Length + model.NatRules.Length);
        foreach (Rule rule in model.Rules)
        {
            Check(rule.Id);
        }

        foreach (NatRule rule in model.NatRules)
        {
            Check(rule.Id);
        }

        void Check(long id)
        {
            if (id is < 1 or > Rule.LastGeneratedId || !ids.Add(id))
            {
                throw new ArgumentException($"Rule id {id} is out of range or used twice; validate the model first.", nameof(model));
            }
        }
    }

    private static NftWriter CreateWriter(int rules) => new(4096 + (rules * 112));

    private static FirewallCompilation Finish(NftWriter writer, CompiledFirewall result, int chunks) =>
        new(new NftTransaction(writer.Written) { ChainsWritten = chunks }, result);
}
