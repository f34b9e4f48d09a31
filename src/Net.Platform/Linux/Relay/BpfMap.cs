using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>An eBPF map. It owns its descriptor; the map itself lives as long as a descriptor, a program or a pinned file refers to it. Calls are safe from several threads.
/// Needs CAP_BPF; maps of devices need CAP_NET_ADMIN besides.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class BpfMap : IDisposable
{
    // Offsets in union bpf_attr: map creation, element commands, batch commands.
    private const int CreateFlags = 16;
    private const int CreateInner = 20;
    private const int CreateName = 28;
    private const int ElementKey = 8;
    private const int ElementValue = 16;
    private const int ElementFlags = 24;
    private const int BatchOut = 8;
    private const int BatchKeys = 16;
    private const int BatchValues = 24;
    private const int BatchCount = 32;
    private const int BatchMap = 36;
    private readonly SafeDescriptor _fd;

    private BpfMap(SafeDescriptor fd)
    {
        _fd = fd;
        Span<byte> info = stackalloc byte[BpfObject.InfoBytes];
        BpfObject.ReadInfo(fd, info, "read what a map is");
        ReadOnlySpan<uint> fields = MemoryMarshal.Cast<byte, uint>(info);
        Kind = (BpfMapKind)fields[0];
        Id = fields[1];
        KeyBytes = (int)fields[2];
        ValueBytes = (int)fields[3];
        MaxEntries = (int)fields[4];
    }

    /// <summary>CPUs this kernel could ever have: per-CPU values have as many parts.</summary>
    public static int PossibleCpus { get; } = ReadPossibleCpus();

    /// <summary>What it is.</summary>
    public BpfMapKind Kind { get; }

    /// <summary>The kernel's number for it.</summary>
    public uint Id { get; }

    /// <summary>Length of a key.</summary>
    public int KeyBytes { get; }

    /// <summary>Length of a value; of per-CPU maps, of one CPU's part.</summary>
    public int ValueBytes { get; }

    /// <summary>Length of a value as user space reads it: of per-CPU maps, all CPUs' parts, each rounded up to 8 bytes.</summary>
    public int ReadBytes => Kind == BpfMapKind.PerCpuArray ? ((ValueBytes + 7) & ~7) * PossibleCpus : ValueBytes;

    /// <summary>Entries it can hold.</summary>
    public int MaxEntries { get; }

    /// <summary>The descriptor, for programs that use the map. This object keeps owning it.</summary>
    public int Descriptor => _fd.Number;

    /// <summary>Makes a map.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="keyBytes">Length of a key.</param>
    /// <param name="valueBytes">Length of a value.</param>
    /// <param name="maxEntries">Entries it can hold.</param>
    /// <param name="name">At most 15 letters, digits and underscores, for bpftool.</param>
    /// <param name="inner">Of maps of maps: one like those it will hold.</param>
    /// <returns>The map, empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfMap Create(BpfMapKind kind, int keyBytes, int valueBytes, int maxEntries, string name, BpfMap? inner = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        const uint noPreallocation = 1;
        BpfApi.Attribute attribute = default;
        attribute.Set32(0, (uint)kind);
        attribute.Set32(4, (uint)keyBytes);
        attribute.Set32(8, (uint)valueBytes);
        attribute.Set32(12, (uint)maxEntries);

        // The trie has no other way; hashes are allocated at once, so that an update never fails for want of memory.
        attribute.Set32(CreateFlags, kind == BpfMapKind.LongestPrefix ? noPreallocation : 0);
        attribute.Set32(CreateInner, inner is null ? 0 : (uint)inner.Descriptor);
        attribute.SetName(CreateName, name);
        return new BpfMap(BpfObject.Open(BpfApi.BPF_MAP_CREATE, attribute, $"make the map {name}"));
    }

    /// <summary>Opens a pinned map.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>The map.</returns>
    /// <exception cref="BpfException">There is none.</exception>
    public static BpfMap OpenPinned(string path) => new(BpfObject.OpenPinned(path));

    /// <summary>Lets the map live on under a name in a BPF file system.</summary>
    /// <param name="path">The name.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Pin(string path) => BpfObject.Pin(_fd, path);

    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Where to; <see cref="ReadBytes"/> long.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryRead(ReadOnlySpan<byte> key, Span<byte> value)
    {
        RequireLength(key, KeyBytes);
        RequireLength(value, ReadBytes);
        fixed (byte* keyData = key, valueData = value)
        {
            BpfApi.Attribute attribute = Element(keyData, valueData, 0);
            return Succeeds(BpfApi.Invoke(BpfApi.BPF_MAP_LOOKUP_ELEM, ref attribute), "read from a map");
        }
    }

    /// <summary>Writes a value. In hashes and tries a reader sees the old or the new one; in arrays it may see part of both.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value; <see cref="ReadBytes"/> long.</param>
    /// <exception cref="BpfException">The kernel refused; the map may be full.</exception>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RequireLength(key, KeyBytes);
        RequireLength(value, ReadBytes);
        fixed (byte* keyData = key, valueData = value)
        {
            BpfApi.Attribute attribute = Element(keyData, valueData, 0);
            BpfObject.Check(BpfApi.Invoke(BpfApi.BPF_MAP_UPDATE_ELEM, ref attribute), "write to a map");
        }
    }

    /// <summary>Deletes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        RequireLength(key, KeyBytes);
        fixed (byte* keyData = key)
        {
            BpfApi.Attribute attribute = Element(keyData, null, 0);
            return Succeeds(BpfApi.Invoke(BpfApi.BPF_MAP_DELETE_ELEM, ref attribute), "delete from a map");
        }
    }

    /// <summary>The key after another, in no order; entries deleted meanwhile may make it begin anew.</summary>
    /// <param name="key">The key; empty for the first.</param>
    /// <param name="next">Receives the next; may be the same memory.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGetNextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        RequireLength(next, KeyBytes);
        fixed (byte* keyData = key, nextData = next)
        {
            BpfApi.Attribute attribute = Element(key.IsEmpty ? null : keyData, nextData, 0);
            return Succeeds(BpfApi.Invoke(BpfApi.BPF_MAP_GET_NEXT_KEY, ref attribute), "list a map");
        }
    }

    /// <summary>Reads all entries of a hash or trie. Those written or deleted meanwhile may be missing or come twice.</summary>
    /// <returns>Keys and values.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> ReadAll()
    {
        var entries = new List<KeyValuePair<byte[], byte[]>>();
        if (Kind == BpfMapKind.Hash)
        {
            ReadHash(entries);
            return entries;
        }

        byte[] key = new byte[KeyBytes];
        byte[] value = new byte[ReadBytes];
        for (bool found = TryGetNextKey([], key); found; found = TryGetNextKey(key, key))
        {
            if (TryRead(key, value))
            {
                entries.Add(new KeyValuePair<byte[], byte[]>([.. key], [.. value]));
            }
        }

        return entries;
    }

    /// <summary>Reads the first entries of an array, in few calls.</summary>
    /// <param name="count">How many.</param>
    /// <param name="values">Where to; <see cref="ReadBytes"/> for each.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void ReadArray(int count, Span<byte> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxEntries);
        RequireLength(values, count * ReadBytes);
        if (count == 0)
        {
            return;
        }

        uint[] keys = new uint[count];
        uint position = 0;
        fixed (byte* valueData = values)
        fixed (uint* keyData = keys)
        {
            BpfApi.Attribute attribute = default;
            attribute.SetPointer(BatchOut, &position);
            attribute.SetPointer(BatchKeys, keyData);
            attribute.SetPointer(BatchValues, valueData);
            attribute.Set32(BatchCount, (uint)count);
            attribute.Set32(BatchMap, (uint)Descriptor);

            // ENOENT only says that the end of the array was reached.
            int result = BpfApi.Invoke(BpfApi.BPF_MAP_LOOKUP_BATCH, ref attribute);
            if (!Succeeds(result, "read an array") && attribute.Get32(BatchCount) != count)
            {
                throw new BpfException($"An array gave {attribute.Get32(BatchCount)} of {count} entries.");
            }
        }
    }

    /// <summary>Writes many entries in one call; each as <see cref="Write"/> does.</summary>
    /// <param name="count">How many.</param>
    /// <param name="keys">Their keys, one behind the other.</param>
    /// <param name="values">Their values, likewise.</param>
    /// <exception cref="BpfException">The kernel refused; some may be written.</exception>
    public void WriteMany(int count, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values)
    {
        RequireLength(keys, count * KeyBytes);
        RequireLength(values, count * ReadBytes);
        if (count == 0)
        {
            return;
        }

        fixed (byte* keyData = keys, valueData = values)
        {
            BpfApi.Attribute attribute = default;
            attribute.SetPointer(BatchKeys, keyData);
            attribute.SetPointer(BatchValues, valueData);
            attribute.Set32(BatchCount, (uint)count);
            attribute.Set32(BatchMap, (uint)Descriptor);
            if (BpfApi.Invoke(BpfApi.BPF_MAP_UPDATE_BATCH, ref attribute) == 0)
            {
                return;
            }

            // Tries have no batches before Linux 6.x: EOPNOTSUPP, and ENOTSUPP (524), which is meant for the kernel alone.
            int error = Marshal.GetLastPInvokeError();
            if (error is not (BpfApi.EOPNOTSUPP or 524))
            {
                throw new BpfException("write to a map", error);
            }
        }

        for (int i = 0; i < count; i++)
        {
            Write(keys.Slice(i * KeyBytes, KeyBytes), values.Slice(i * ReadBytes, ReadBytes));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();

    // Bucket by bucket: a call ends before a bucket it has no room for, and gives the place to go on from.
    private void ReadHash(List<KeyValuePair<byte[], byte[]>> entries)
    {
        const int most = 4096;
        byte[] keys = new byte[most * KeyBytes];
        byte[] values = new byte[most * ReadBytes];
        uint position = 0;
        bool isFirst = true;
        bool isLast = false;
        while (!isLast)
        {
            int count;
            fixed (byte* keyData = keys, valueData = values)
            {
                BpfApi.Attribute attribute = default;
                attribute.SetPointer(0, isFirst ? null : &position);
                attribute.SetPointer(BatchOut, &position);
                attribute.SetPointer(BatchKeys, keyData);
                attribute.SetPointer(BatchValues, valueData);
                attribute.Set32(BatchCount, most);
                attribute.Set32(BatchMap, (uint)Descriptor);

                // ENOENT says that the end was reached; what was read before is valid.
                isLast = !Succeeds(BpfApi.Invoke(BpfApi.BPF_MAP_LOOKUP_BATCH, ref attribute), "read a map");
                count = (int)attribute.Get32(BatchCount);
            }

            for (int i = 0; i < count; i++)
            {
                entries.Add(new KeyValuePair<byte[], byte[]>(keys[(i * KeyBytes)..((i + 1) * KeyBytes)], values[(i * ReadBytes)..((i + 1) * ReadBytes)]));
            }

            isFirst = false;
        }
    }

    private static void RequireLength(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < length)
        {
            throw new ArgumentException($"{length} bytes are needed, there are {bytes.Length}.", nameof(bytes));
        }
    }

    private static bool Succeeds(int result, string step)
    {
        if (result >= 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == BpfApi.ENOENT ? false : throw new BpfException(step, error);
    }

    // "0-3" or "0,2-5": the last number decides, as the kernel sizes per-CPU values by it.
    private static int ReadPossibleCpus()
    {
        try
        {
            string[] parts = File.ReadAllText("/sys/devices/system/cpu/possible").Trim().Split(',', '-');
            return int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture) + 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return Environment.ProcessorCount;
        }
    }

    private BpfApi.Attribute Element(byte* key, byte* value, ulong flags)
    {
        BpfApi.Attribute attribute = default;
        attribute.Set32(0, (uint)Descriptor);
        attribute.SetPointer(ElementKey, key);
        attribute.SetPointer(ElementValue, value);
        attribute.Set64(ElementFlags, flags);
        return attribute;
    }
}
