using System.Globalization;
using System.Runtime.InteropServices;
using Net.Packets;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <content>What is found in the kernel: at the start what an engine before us left, later what somebody else changed.</content>
internal sealed partial class KernelEngine
{
    /// <summary>Whether an engine before us left something that still relays.</summary>
    internal bool IsAdopted { get; private set; }

    /// <summary>The fingerprint of what the maps hold.</summary>
    internal ulong ReadFingerprint()
    {
        if (_set is null)
        {
            return RelayFingerprint.Of(_flows);
        }

        Differences differences = Compare();
        ulong sum = RelayFingerprint.Of(differences.Rules.Count == 0 ? _flows : [.. _flows.Where(flow => !differences.Rules.Contains(flow.RuleId))]);
        Span<byte> hash = stackalloc byte[SipHash.HashBytes];
        foreach (KernelKey key in differences.Foreign.Concat(differences.Changed))
        {
            SipHash.Compute("netmod.kernel.v1"u8, key.Bytes, hash);
            sum += MemoryMarshal.Read<ulong>(hash);
        }

        return sum;
    }

    /// <summary>Puts right what others changed.</summary>
    /// <param name="found">Receives a sentence for each.</param>
    internal void Repair(List<string> found)
    {
        if (_set is null)
        {
            return;
        }

        Differences differences = Compare();
        foreach (KernelKey key in differences.Foreign)
        {
            _set[key.Table].Delete(key.Bytes);
        }

        Rewrite(differences);
        if (differences.Foreign.Count > 0)
        {
            found.Add($"{differences.Foreign.Count} entries that were not ours stood in the {Name} maps and were deleted.");
        }

        foreach (int rule in differences.Rules)
        {
            found.Add($"What the {Name} maps had of rule {rule} had been changed; it was written anew.");
        }

        if (differences.Changed.Count > 0 && differences.Rules.Count == 0)
        {
            found.Add($"{differences.Changed.Count} entries of early drops in the {Name} maps had been changed; they were written anew.");
        }

        foreach (int index in _interfaces)
        {
            try
            {
                bool had = _links.ContainsKey(index);
                if (Connect(index))
                {
                    found.Add(had
                        ? string.Create(CultureInfo.InvariantCulture, $"The {Name} program had been taken off interface {index}; it is on it again.")
                        : string.Create(CultureInfo.InvariantCulture, $"The {Name} program could be attached to interface {index} now."));
                }
            }
            catch (BpfException)
            {
                // The interface is gone: that is no drift, and the resolver knows.
            }
        }

        found.AddRange(_putBack);
        _putBack.Clear();
    }

    private string Name => Kind == RelayEngineKind.Xdp ? "XDP" : "tcx";

    private void Rewrite(Differences differences)
    {
        foreach (KernelKey key in differences.Changed)
        {
            LoadedEntry entry = _loaded[key];
            for (int i = 0; i < entry.Count; i++)
            {
                KernelMapSet.WriteElement(_set!.Targets, entry.First + i, entry.Targets.AsSpan(i * KernelLayout.TargetBytes, KernelLayout.TargetBytes));
            }

            if (Kind == RelayEngineKind.Xdp)
            {
                WriteDevices(_set!, entry);
            }

            _set![key.Table].Write(key.Bytes, entry.Value);
        }

        Span<byte> value = stackalloc byte[sizeof(int)];
        foreach (KernelKey source in _sources)
        {
            if (!_set!.Sources.TryRead(source.Bytes, value))
            {
                _set.Sources.Write(source.Bytes, value);
            }
        }
    }

    private Differences Compare()
    {
        var differences = new Differences();
        byte[] targets = new byte[_runs.High * KernelLayout.TargetBytes];
        _set!.Targets.ReadArray(_runs.High, targets);
        var seen = new HashSet<KernelKey>(_loaded.Count);
        foreach (KernelTableKind table in Enum.GetValues<KernelTableKind>())
        {
            foreach ((byte[] bytes, byte[] value) in _set[table].ReadAll())
            {
                var key = new KernelKey(table, bytes);
                if (!_loaded.TryGetValue(key, out LoadedEntry? entry))
                {
                    differences.Foreign.Add(key);
                }
                else if (value.AsSpan().SequenceEqual(entry.Value)
                    && targets.AsSpan(entry.First * KernelLayout.TargetBytes, entry.Targets.Length).SequenceEqual(entry.Targets))
                {
                    seen.Add(key);
                }
            }
        }

        foreach ((KernelKey key, LoadedEntry entry) in _loaded)
        {
            if (!seen.Contains(key))
            {
                differences.Changed.Add(key);
                differences.Rules.UnionWith(entry.Rules);
            }
        }

        return differences;
    }

    // Takes over what is pinned. What cannot be used is left relaying until our own takes its place.
    private void Adopt()
    {
        foreach ((int index, string path) in _pins.Links())
        {
            AdoptLink(index, path);
        }

        foreach (string folder in _pins.Sets())
        {
            KernelMapSet? set = _set is null ? KernelMapSet.TryOpen(Kind, folder) : null;
            if (set is not null && (_links.Count == 0 || _links.Values.Any(link => link.Read().ProgramId == set.Program.Id)))
            {
                _set = set;
                AdoptEntries(set);
            }
            else
            {
                set?.Dispose();
            }
        }

        IsAdopted = _set is not null || _links.Count > 0;
    }

    private void AdoptLink(int index, string path)
    {
        try
        {
            BpfLink link = BpfLink.OpenPinned(path);
            if (link.Read().InterfaceIndex == index)
            {
                _links.Add(index, link);
                return;
            }

            link.Dispose();
        }
        catch (BpfException)
        {
            // Not ours to open, or no link: its file is in the way of the next.
        }

        _pins.Unpin(index);
    }

    private void AdoptEntries(KernelMapSet set)
    {
        byte[] targets = new byte[set.TargetCapacity * KernelLayout.TargetBytes];
        set.Targets.ReadArray(set.TargetCapacity, targets);
        _runs.Capacity = set.TargetCapacity;
        foreach (KernelTableKind table in Enum.GetValues<KernelTableKind>())
        {
            foreach ((byte[] key, byte[] value) in set[table].ReadAll())
            {
                int first = MemoryMarshal.Read<int>(value.AsSpan(KernelLayout.EntryFirst));
                int count = MemoryMarshal.Read<int>(value.AsSpan(KernelLayout.EntryCount));
                if (first < 0 || count is < 0 or > KernelLayout.MaxTargets || first + count > set.TargetCapacity)
                {
                    // Not of our making: it is deleted as what nobody asked for.
                    set[table].Delete(key);
                    continue;
                }

                byte[] own = targets.AsSpan(first * KernelLayout.TargetBytes, count * KernelLayout.TargetBytes).ToArray();
                _loaded[new KernelKey(table, key)] = new LoadedEntry(value, first, own, AdoptTargets(own));
                _runs.Adopt(first, count);
            }
        }

        foreach ((byte[] key, _) in set.Sources.ReadAll())
        {
            // The length tells the family as far as it matters: of an IPv6 address it may be short too, then the key is written a second time, harmlessly.
            bool isIPv6 = MemoryMarshal.Read<int>(key) > KernelLayout.SourceFixedBits + 32 || key.AsSpan(12).ContainsAnyExcept((byte)0);
            _sources.Add(new KernelKey(isIPv6 ? KernelTableKind.Exact6 : KernelTableKind.Exact4, key));
        }
    }

    private int[] AdoptTargets(byte[] targets)
    {
        var rules = new HashSet<int>();
        for (int at = 0; at < targets.Length; at += KernelLayout.TargetBytes)
        {
            ReadOnlySpan<byte> target = targets.AsSpan(at);
            int rule = MemoryMarshal.Read<int>(target[KernelLayout.TargetRule..]);
            rules.Add(rule);
            _slots.Adopt(rule, MemoryMarshal.Read<int>(target[KernelLayout.TargetOutput..]), MemoryMarshal.Read<int>(target[KernelLayout.TargetCounter..]));
            _slots.Adopt(rule, RelayCounters.Input, MemoryMarshal.Read<int>(target[KernelLayout.TargetInput..]));
        }

        return [.. rules];
    }

    private sealed class Differences
    {
        internal List<KernelKey> Foreign { get; } = [];

        internal List<KernelKey> Changed { get; } = [];

        internal HashSet<int> Rules { get; } = [];
    }
}
