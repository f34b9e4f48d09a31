namespace Net.Firewall;

/// <summary>One step on the way to rules: a jump, behind a guard, or a look-up that leads to a page.</summary>
/// <param name="Target">The chain jumped to, or the name of the block.</param>
/// <param name="Guard">The guard of a jump.</param>
/// <param name="Map">What a look-up looks into; null for a jump.</param>
internal readonly record struct JumpStep(string Target, RuleGuard Guard, PageMap? Map)
{
    /// <summary>Whether both read the same in a chain; what is in sets and maps does not matter.</summary>
    /// <param name="other">The other.</param>
    public bool ReadsLike(in JumpStep other) => Target == other.Target && Map?.Kind == other.Map?.Kind && Map?.Capacity == other.Map?.Capacity && Guard.ReadsLike(other.Guard);
}
