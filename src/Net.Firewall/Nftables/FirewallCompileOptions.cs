using System.Collections.Frozen;

namespace Net.Firewall;

/// <summary>What the compiler has to know of the host besides the model.</summary>
public sealed record FirewallCompileOptions
{
    /// <summary>Nothing known: no control group exists.</summary>
    public static FirewallCompileOptions Default { get; } = new();

    /// <summary>
    /// The control groups (v2) that exist, by path as rules name them, with their inode number. nft looks a path up when a rule is loaded and
    /// refuses the whole transaction where there is none, so a rule for a group that is not here is left out; and since the kernel
    /// keeps the number, a group that was removed and made again needs its rule again, which a changed number brings about.
    /// </summary>
    public IReadOnlyDictionary<string, ulong> Cgroups { get; init; } = FrozenDictionary<string, ulong>.Empty;

    /// <summary>
    /// Where the v2 hierarchy is mounted below /sys/fs/cgroup, as nft looks paths up from there: empty where it is mounted there itself,
    /// "unified" where v1 and v2 stand side by side.
    /// </summary>
    public string CgroupRoot { get; init; } = string.Empty;

    /// <summary>
    /// Addresses that dynamic lists hold now, by id of the list, for a table that is made anew. Only <see cref="NftablesCompiler.CompileFull"/> uses
    /// them; a change leaves dynamic lists alone.
    /// </summary>
    public IReadOnlyDictionary<long, IReadOnlyList<DynamicAddress>> DynamicAddresses { get; init; } = FrozenDictionary<long, IReadOnlyList<DynamicAddress>>.Empty;

    /// <summary>Compares what rules are written by: control groups. Addresses of dynamic lists are not part of it.</summary>
    /// <param name="other">The other options.</param>
    public bool Equals(FirewallCompileOptions? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || CgroupRoot != other.CgroupRoot || Cgroups.Count != other.Cgroups.Count)
        {
            return false;
        }

        foreach ((string path, ulong number) in Cgroups)
        {
            if (!other.Cgroups.TryGetValue(path, out ulong theirs) || theirs != number)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CgroupRoot, Cgroups.Count);
}
