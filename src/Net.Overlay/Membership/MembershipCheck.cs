namespace Net.Overlay.Membership;

/// <summary>A verdict with its reason.</summary>
/// <param name="Verdict">What the certificate is worth.</param>
/// <param name="Reason">Why, as a sentence without a full stop, for both sides to read.</param>
public readonly record struct MembershipCheck(MembershipVerdict Verdict, string Reason)
{
    /// <summary>Whether membership is proven.</summary>
    public bool IsValid => Verdict == MembershipVerdict.Valid;
}
