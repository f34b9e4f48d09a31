using System.Buffers.Binary;

namespace Net.Relay;

/// <summary>Which worker has which rule, and so which packet. The same arithmetic runs in the kernel as the fanout program of a packet socket.</summary>
public static class FlowSteering
{
    private const uint PortFactor = 0x9E37;
    private const uint Spread = 0x9E37_79B1;

    // Beyond so many addresses and ports per worker a rule is given to all: searching on would cost more than it saves.
    private const int MaxSearchPerWorker = 256;

    /// <summary>The hash of a destination: worker = hash % workers. Multiplied by the golden ratio (Knuth, TAOCP 6.4) and folded, so that groups in steps of 256, as people number
    /// them, do not all fall on one of four workers.</summary>
    /// <param name="destination">Destination address, 4 or 16 bytes; the last 4 count.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    public static uint Hash(ReadOnlySpan<byte> destination, ushort port) => Hash(BinaryPrimitives.ReadUInt32BigEndian(destination[^4..]), port);

    /// <summary>The hash of a destination.</summary>
    /// <param name="lastWord">The last four bytes of the address as a number.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    public static uint Hash(uint lastWord, ushort port)
    {
        uint mixed = unchecked((lastWord + port * PortFactor) * Spread);
        return mixed ^ (mixed >> 16);
    }

    /// <summary>The worker that gets the packets of a destination.</summary>
    /// <param name="destination">Destination address.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    /// <param name="workers">How many workers there are, 1 at least.</param>
    public static int WorkerOf(RelayAddress destination, ushort port, int workers) => (int)(Hash(destination.LastWord, port) % (uint)workers);

    /// <summary>The workers that can get packets of an input: one for an exact destination, every one that can occur for prefixes and ranges of ports, in rising order.</summary>
    /// <param name="input">The input.</param>
    /// <param name="workers">How many workers there are, 1 at least.</param>
    /// <param name="result">Receives their indexes; cleared first.</param>
    public static void WorkersOf(RelayInput input, int workers, List<int> result)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        result.Clear();
        var seen = new bool[workers];
        int found = 0;
        long budget = (long)workers * MaxSearchPerWorker;
        uint first = RelayAddress.From(input.Destination.Address).LastWord;
        int hostBits = Math.Min(32, RelayAddress.Bits - input.Destination.MappedLength);
        uint last = hostBits == 32 ? uint.MaxValue : first | ((1u << hostBits) - 1);
        if (hostBits == 32)
        {
            first = 0;
        }

        for (long address = first; address <= last && found < workers; address++)
        {
            for (int port = input.PortFrom; port <= input.PortTo && found < workers; port++)
            {
                if (budget-- == 0)
                {
                    result.AddRange(Enumerable.Range(0, workers));
                    return;
                }

                int worker = (int)(Hash((uint)address, (ushort)port) % (uint)workers);
                found += seen[worker] ? 0 : 1;
                seen[worker] = true;
            }
        }

        for (int worker = 0; worker < workers; worker++)
        {
            if (seen[worker])
            {
                result.Add(worker);
            }
        }
    }
}
