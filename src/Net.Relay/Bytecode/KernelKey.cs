namespace Net.Relay.Bytecode;

/// <summary>A key of one of the maps of entries, or of allowed sources. Equality is by content.</summary>
/// <param name="Table">Which map.</param>
/// <param name="Bytes">The key as it lies in the map.</param>
public readonly record struct KernelKey(KernelTableKind Table, byte[] Bytes)
{
    /// <inheritdoc/>
    public bool Equals(KernelKey other) => Table == other.Table && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Table);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }
}
