namespace Net.Firewall;

/// <summary>Numbers from first to last, both included. A reversed range can be held, so that validation can name it.</summary>
/// <param name="First">The lowest number.</param>
/// <param name="Last">The highest number.</param>
public readonly record struct NumberRange(uint First, uint Last)
{
    /// <summary>One number.</summary>
    /// <param name="number">The number.</param>
    public NumberRange(uint number)
        : this(number, number)
    {
    }

    /// <summary>Whether the last number is below the first.</summary>
    public bool IsReversed => Last < First;

    /// <summary>Whether a number lies in the range.</summary>
    /// <param name="number">The number.</param>
    public bool Contains(uint number) => number >= First && number <= Last;
}
