namespace Net.Firewall;

/// <summary>The dimension of IP version and protocol number.</summary>
internal sealed class ProtocolDimension
{
    private readonly ulong[][] _bits = new ulong[512][];

    /// <summary>Builds the dimension.</summary>
    /// <param name="rules">The rules.</param>
    public ProtocolDimension(ReadOnlySpan<FlowRule> rules)
    {
        foreach (bool isIPv6 in (ReadOnlySpan<bool>)[false, true])
        {
            var always = new ulong[BitVector.Words(rules.Length)];
            Dictionary<byte, List<int>> numbers = [];
            for (int i = 0; i < rules.Length; i++)
            {
                if (!(isIPv6 ? rules[i].TakesIPv6 : rules[i].TakesIPv4))
                {
                    continue;
                }

                if (rules[i].Protocol(isIPv6) is byte number)
                {
                    (numbers.TryGetValue(number, out List<int>? list) ? list : numbers[number] = []).Add(i);
                }
                else
                {
                    BitVector.Set(always, i);
                }
            }

            Array.Fill(_bits, always, isIPv6 ? 256 : 0, 256);
            foreach ((byte number, List<int> of) in numbers)
            {
                ulong[] bits = [.. always];
                foreach (int rule in of)
                {
                    BitVector.Set(bits, rule);
                }

                _bits[(isIPv6 ? 256 : 0) + number] = bits;
            }
        }
    }

    /// <summary>The rules that take a protocol.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    /// <param name="protocol">Its number.</param>
    public ReadOnlySpan<ulong> Of(bool isIPv6, byte protocol) => _bits[(isIPv6 ? 256 : 0) + protocol];
}
