using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Model;
using Net.Platform;
using Net.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>All relay workers: which of them has which flow, the rings they share, how many there are. Changes come one at a time; reading may happen meanwhile.</summary>
internal sealed class WorkerPool(WorkerContext context) : IAsyncDisposable
{
    private const int LargestAutomatic = 4;
    private const int SmallestRing = 256 << 10;
    private const long LargestMtu = ushort.MaxValue;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RingsLinger = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, RingSet> _rings = [];
    private readonly List<(RingSet Rings, long Since)> _leaving = [];
    private readonly Dictionary<int, long> _idleSince = [];
    private ImmutableArray<WorkerSlot> _slots = [];
    private int _ringBytes;

    /// <summary>The workers.</summary>
    public ImmutableArray<WorkerSlot> Slots => _slots;

    /// <summary>How many workers settings mean.</summary>
    /// <param name="settings">The settings.</param>
    public int CountOf(RelaySettings settings) => settings.Workers > 0 ? settings.Workers : Math.Clamp(context.Host.Cores.Count, 1, LargestAutomatic);

    /// <summary>Gives workers the flows they shall have.</summary>
    /// <param name="rules">Every rule as resolved; those of the kernel's engines are passed over.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="links">The network.</param>
    /// <returns>Rules that could not be set up, with the reason.</returns>
    public async Task<Dictionary<int, string>> ApplyAsync(IReadOnlyList<ResolvedRule> rules, RelaySettings settings, LinkIndex links)
    {
        int count = CountOf(settings);
        if (_slots.Length != count || _ringBytes != settings.RingBytes)
        {
            // Steering is modulo the number of workers: all flows move.
            await StopAllAsync().ConfigureAwait(false);
            _slots = [.. Enumerable.Range(0, count).Select(index => new WorkerSlot(index, count, context))];
            _ringBytes = settings.RingBytes;
        }

        Dictionary<int, string> failures = [];
        HashSet<int> unusable = OpenRings(rules, links, failures);
        List<WorkerFlow>[] flows = Spread(rules, unusable, count);
        PlanCores(settings, links);
        for (int index = 0; index < count; index++)
        {
            _slots[index].Apply(flows[index], _rings, links, failures);
        }

        if (_slots.Any(static slot => slot.IsNeeded))
        {
            context.Spare?.Keep();
        }

        CloseRings(rules);
        return failures;
    }

    /// <summary>The workers that have a rule.</summary>
    /// <param name="rule">The rule as resolved.</param>
    /// <param name="result">Receives their indexes; cleared first.</param>
    public void WorkersOf(ResolvedRule rule, List<int> result)
    {
        result.Clear();
        if (rule.Engine is not (RelayEngineKind.Packet or RelayEngineKind.Socket) || rule.Flows.Length == 0 || _slots.Length == 0)
        {
            return;
        }

        // The input's interface has no part in it, so that flows of one rule are at the same workers.
        FlowSteering.WorkersOf(rule.Flows[0].Input, _slots.Length, result);
        if (rule.Engine == RelayEngineKind.Socket && result.Count > 1)
        {
            result.RemoveRange(1, result.Count - 1);
        }
    }

    /// <summary>Ends processes that had no flow for a while, and rings nobody reads any more. Called about once a second.</summary>
    public async Task TrimAsync()
    {
        long now = context.Clock.GetTimestamp();
        _leaving.RemoveAll(one =>
        {
            bool isOver = context.Clock.GetElapsedTime(one.Since, now) > RingsLinger;
            if (isOver)
            {
                one.Rings.Dispose();
            }

            return isOver;
        });
        foreach (WorkerSlot slot in _slots)
        {
            if (slot.IsNeeded)
            {
                _idleSince.Remove(slot.Index);
            }
            else if (_idleSince.TryAdd(slot.Index, now) is false && context.Clock.GetElapsedTime(_idleSince[slot.Index], now) > IdleLimit)
            {
                await slot.StopIdleAsync().ConfigureAwait(false);
            }
        }

        if (!_slots.Any(static slot => slot.IsNeeded))
        {
            context.Spare?.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAllAsync().ConfigureAwait(false);
        context.Spare?.Dispose();
    }

    private static bool IsPacket(ResolvedRule rule) => rule.Engine == RelayEngineKind.Packet && rule.Flows.Length > 0;

    private async Task StopAllAsync()
    {
        await Task.WhenAll(_slots.Select(slot => slot.DisposeAsync().AsTask())).ConfigureAwait(false);
        _slots = [];
        foreach (RingSet rings in _rings.Values.Concat(_leaving.Select(one => one.Rings)))
        {
            rings.Dispose();
        }

        _rings.Clear();
        _leaving.Clear();
        _idleSince.Clear();
    }

    // Workers are told of new rings before old ones close: for a moment packets may come twice, but none is lost.
    private HashSet<int> OpenRings(IReadOnlyList<ResolvedRule> rules, LinkIndex links, Dictionary<int, string> failures)
    {
        Dictionary<int, bool> wanted = [];
        foreach (RelayFlow flow in rules.Where(IsPacket).SelectMany(rule => rule.Flows))
        {
            wanted[flow.Input.InterfaceIndex] = wanted.GetValueOrDefault(flow.Input.InterfaceIndex) || !flow.Input.Destination.IsMulticast;
        }

        HashSet<int> unusable = [];
        foreach ((int index, bool isUnicast) in wanted)
        {
            LinkInfo? link = links.Find(index);
            int mtu = (int)Math.Clamp(link?.MtuBytes ?? 1500, 68, LargestMtu);
            if (_rings.TryGetValue(index, out RingSet? open) && open.MtuBytes == mtu && (open.AcceptUnicast || !isUnicast))
            {
                continue;
            }

            try
            {
                RingSet next = RingSet.Open(context.Host, new RingRequest(index, mtu, open?.RingBytes ?? NextRingBytes(), isUnicast, null), _slots.Length, context.Numbers);
                if (open is not null)
                {
                    _leaving.Add((open, context.Clock.GetTimestamp()));
                }

                _rings[index] = next;
            }
            catch (IOException exception)
            {
                unusable.Add(index);
                foreach (ResolvedRule rule in rules.Where(rule => IsPacket(rule) && rule.Flows.Any(flow => flow.Input.InterfaceIndex == index)))
                {
                    failures[rule.Id] = exception.Message;
                }
            }
        }

        // One that could not be opened anew is still as it was.
        unusable.RemoveWhere(_rings.ContainsKey);
        return unusable;
    }

    // Three quarters of what is left: the first interface, mostly the only one, gets most, and there is always some for the next.
    private int NextRingBytes()
    {
        long left = _ringBytes - _rings.Values.Sum(rings => (long)rings.RingBytes);
        return (int)Math.Max(SmallestRing, left / 4 * 3);
    }

    private void CloseRings(IReadOnlyList<ResolvedRule> rules)
    {
        HashSet<int> needed = [.. rules.Where(IsPacket).SelectMany(rule => rule.Flows).Select(flow => flow.Input.InterfaceIndex)];
        foreach (int gone in _rings.Keys.Where(index => !needed.Contains(index)).ToArray())
        {
            _leaving.Add((_rings[gone], context.Clock.GetTimestamp()));
            _rings.Remove(gone);
        }
    }

    private List<WorkerFlow>[] Spread(IReadOnlyList<ResolvedRule> rules, HashSet<int> unusable, int count)
    {
        List<WorkerFlow>[] result = [.. Enumerable.Range(0, count).Select(_ => new List<WorkerFlow>())];
        List<int> workers = [];
        foreach (ResolvedRule rule in rules)
        {
            WorkersOf(rule, workers);
            foreach (int worker in workers)
            {
                foreach (RelayFlow flow in rule.Flows)
                {
                    if (rule.Engine == RelayEngineKind.Socket || !unusable.Contains(flow.Input.InterfaceIndex))
                    {
                        result[worker].Add(new WorkerFlow(flow, rule.Engine!.Value));
                    }
                }
            }
        }

        return result;
    }

    private void PlanCores(RelaySettings settings, LinkIndex links)
    {
        HashSet<int> near = [.. _rings.Keys.SelectMany(index => context.Host.CoresNear(links.NameOf(index)))];
        int[] cores = settings.PinWorkers ? CorePlan.Choose(_slots.Length, context.Host.Cores, near) : [.. _slots.Select(_ => -1)];
        foreach (WorkerSlot slot in _slots)
        {
            slot.Core = cores[slot.Index];
        }
    }
}
