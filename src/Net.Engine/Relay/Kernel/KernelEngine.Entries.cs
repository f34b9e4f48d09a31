using System.Runtime.InteropServices;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <content>Entries, targets and sources.</content>
internal sealed partial class KernelEngine
{
    private void WriteSources(KernelTable table)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        foreach (KernelKey source in table.Sources)
        {
            if (_sources.Add(source))
            {
                _set!.Sources.Write(source.Bytes, value);
            }
        }
    }

    private void DeleteSources(KernelTable table)
    {
        foreach (KernelKey source in _sources.Where(source => !table.Sources.Contains(source)).ToList())
        {
            _set!.Sources.Delete(source.Bytes);
            _sources.Remove(source);
        }
    }

    private void WriteEntries(KernelTable table)
    {
        var changed = new List<(KernelKey Key, LoadedEntry Entry)>();
        foreach ((KernelKey key, KernelEntry entry) in table.Entries)
        {
            byte[] targets = WriteTargets(entry);
            LoadedEntry? loaded = _loaded.GetValueOrDefault(key);
            if (loaded is null || FlagsOf(loaded.Value) != entry.Flags || !targets.AsSpan().SequenceEqual(loaded.Targets))
            {
                changed.Add((key, Place(entry, targets)));
            }
        }

        // Targets first: an entry must not lead to what is not there yet.
        WriteTargets(changed);
        foreach (IGrouping<KernelTableKind, (KernelKey Key, LoadedEntry Entry)> group in changed.GroupBy(item => item.Key.Table))
        {
            (KernelKey Key, LoadedEntry Entry)[] items = [.. group];
            int keyBytes = items[0].Key.Bytes.Length;
            byte[] keys = new byte[items.Length * keyBytes];
            byte[] values = new byte[items.Length * KernelLayout.EntryBytes];
            for (int i = 0; i < items.Length; i++)
            {
                items[i].Key.Bytes.CopyTo(keys.AsSpan(i * keyBytes));
                items[i].Entry.Value.CopyTo(values.AsSpan(i * KernelLayout.EntryBytes));
            }

            _set![group.Key].WriteMany(items.Length, keys, values);
        }

        foreach ((KernelKey key, LoadedEntry entry) in changed)
        {
            if (_loaded.TryGetValue(key, out LoadedEntry? before))
            {
                Release(before);
            }

            _loaded[key] = entry;
        }
    }

    private void DeleteEntries(KernelTable table)
    {
        foreach (KernelKey key in _loaded.Keys.Where(key => !table.Entries.ContainsKey(key)).ToList())
        {
            _set![key.Table].Delete(key.Bytes);
            Release(_loaded[key]);
            _loaded.Remove(key);
        }
    }

    private static int FlagsOf(byte[] value) => MemoryMarshal.Read<int>(value.AsSpan(KernelLayout.EntryFlags));

    private static int InterfaceOf(ReadOnlySpan<byte> target) => MemoryMarshal.Read<int>(target[KernelLayout.TargetInterface..]);

    private byte[] WriteTargets(KernelEntry entry)
    {
        byte[] targets = new byte[entry.Outputs.Count * KernelLayout.TargetBytes];
        for (int i = 0; i < entry.Outputs.Count; i++)
        {
            KernelOutput output = entry.Outputs[i];
            int input = SlotOf(output.Flow.RuleId, RelayCounters.Input);
            KernelTarget.Write(output, SlotOf(output.Flow.RuleId, output.Index), input, targets.AsSpan(i * KernelLayout.TargetBytes));
        }

        return targets;
    }

    private int SlotOf(int ruleId, int output)
    {
        int slot = _slots.Take(ruleId, output, out bool isReused);
        if (isReused)
        {
            _reused.Add(slot);
            _missed.Remove(slot);
        }

        return slot;
    }

    private LoadedEntry Place(KernelEntry entry, byte[] targets)
    {
        int count = entry.Outputs.Count;
        int first = count == 0 ? 0 : _runs.Take(count);
        if (first < 0)
        {
            Grow(_set!.EntryCapacity, _runs.Capacity + count);
            first = _runs.Take(count);
        }

        byte[] value = new byte[KernelLayout.EntryBytes];
        KernelTable.WriteEntry(entry, first, count == 0 ? 0 : SlotOf(entry.Outputs[0].Flow.RuleId, RelayCounters.Input), value);
        return new LoadedEntry(value, first, targets, [.. entry.Outputs.Select(output => output.Flow.RuleId).Distinct()]);
    }

    private void WriteTargets(List<(KernelKey Key, LoadedEntry Entry)> changed)
    {
        int count = changed.Sum(item => item.Entry.Count);
        byte[] keys = new byte[count * sizeof(int)];
        byte[] values = new byte[count * KernelLayout.TargetBytes];
        int at = 0;
        foreach ((_, LoadedEntry entry) in changed)
        {
            entry.Targets.CopyTo(values.AsSpan(at * KernelLayout.TargetBytes));
            for (int i = 0; i < entry.Count; i++)
            {
                MemoryMarshal.Write(keys.AsSpan((at + i) * sizeof(int)), entry.First + i);
            }

            at += entry.Count;
        }

        // Nothing counts there before the targets lead to them.
        _set!.Clear(_reused);
        _reused.Clear();
        _set.Targets.WriteMany(count, keys, values);
        if (Kind == RelayEngineKind.Xdp)
        {
            foreach ((_, LoadedEntry entry) in changed)
            {
                WriteDevices(_set, entry);
            }
        }
    }

    private void Release(LoadedEntry entry)
    {
        if (entry.Count == 0)
        {
            return;
        }

        if (Kind == RelayEngineKind.Xdp && entry.Count > 1)
        {
            Span<byte> key = stackalloc byte[sizeof(int)];
            MemoryMarshal.Write(key, entry.First);
            _set!.Broadcasts.Delete(key);
        }

        _runs.Return(entry.First, entry.Count);
    }

    private void CopyDevices(KernelMapSet larger)
    {
        if (Kind == RelayEngineKind.Xdp)
        {
            foreach (LoadedEntry entry in _loaded.Values)
            {
                WriteDevices(larger, entry);
            }
        }
    }

    // A device that is gone cannot be written: its packets then go nowhere, until the engine's resolver sends flows without it.
    private static void WriteDevices(KernelMapSet set, LoadedEntry entry)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        if (entry.Count == 1)
        {
            MemoryMarshal.Write(key, InterfaceOf(entry.Targets));
            TryWrite(set.Devices, key, key);
        }
        else if (entry.Count > 1)
        {
            using BpfMap devices = KernelMapSet.NewBroadcast();
            Span<byte> device = stackalloc byte[sizeof(long)];
            MemoryMarshal.Write(device[sizeof(int)..], set.DeviceProgram!.Descriptor);
            for (int i = 0; i < entry.Count; i++)
            {
                MemoryMarshal.Write(key, i);
                MemoryMarshal.Write(device, InterfaceOf(entry.Targets.AsSpan(i * KernelLayout.TargetBytes)));
                TryWrite(devices, key, device);
            }

            Span<byte> descriptor = stackalloc byte[sizeof(int)];
            MemoryMarshal.Write(key, entry.First);
            MemoryMarshal.Write(descriptor, devices.Descriptor);
            set.Broadcasts.Write(key, descriptor);
        }
    }

    private static void TryWrite(BpfMap map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        try
        {
            map.Write(key, value);
        }
        catch (BpfException)
        {
            // The interface went between being resolved and being written.
        }
    }
}
