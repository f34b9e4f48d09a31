using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Net.Relay.Membership;

/// <summary>Group records and lists of sources, which IGMPv3 (RFC 9776 section 4.2) and MLDv2 (RFC 3810 section 5.2) share but for the length of an address.</summary>
internal static class GroupRecordCodec
{
    /// <summary>Bytes of a record before its group: type, length of the auxiliary data, number of sources.</summary>
    private const int HeadBytes = 4;

    /// <summary>Auxiliary data is counted in words of 4 bytes.</summary>
    private const int AuxiliaryWordBytes = 4;

    /// <summary>Reads records.</summary>
    /// <param name="data">What follows the report's number of records.</param>
    /// <param name="count">That number.</param>
    /// <param name="addressBytes">4 or 16.</param>
    /// <param name="records">The records; kinds that are not known are left out, as both RFCs demand.</param>
    /// <returns>False when the data ends before the last record does.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, int count, int addressBytes, [NotNullWhen(true)] out List<GroupRecord>? records)
    {
        // The count is the sender's word: only what is there is allocated for.
        records = new List<GroupRecord>(Math.Min(count, data.Length / (HeadBytes + addressBytes)));
        for (int i = 0; i < count; i++)
        {
            if (data.Length < HeadBytes + addressBytes)
            {
                records = null;
                return false;
            }

            byte kind = data[0];
            int sources = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            int length = HeadBytes + addressBytes + (sources * addressBytes) + (data[1] * AuxiliaryWordBytes);
            if (data.Length < length)
            {
                records = null;
                return false;
            }

            if (kind is >= (byte)GroupRecordKind.ModeIsInclude and <= (byte)GroupRecordKind.BlockOldSources)
            {
                var group = new IPAddress(data.Slice(HeadBytes, addressBytes));
                records.Add(new GroupRecord((GroupRecordKind)kind, group, ReadAddresses(data[(HeadBytes + addressBytes)..], sources, addressBytes)));
            }

            data = data[length..];
        }

        return true;
    }

    /// <summary>Reads addresses; the caller has checked that they are there.</summary>
    /// <param name="data">The first address and what follows.</param>
    /// <param name="count">How many.</param>
    /// <param name="addressBytes">4 or 16.</param>
    /// <returns>The addresses.</returns>
    public static IPAddress[] ReadAddresses(ReadOnlySpan<byte> data, int count, int addressBytes)
    {
        if (count == 0)
        {
            return [];
        }

        var addresses = new IPAddress[count];
        for (int i = 0; i < count; i++)
        {
            addresses[i] = new IPAddress(data.Slice(i * addressBytes, addressBytes));
        }

        return addresses;
    }

    /// <summary>How long records are on the wire.</summary>
    /// <param name="records">The records.</param>
    /// <param name="addressBytes">4 or 16.</param>
    /// <returns>Bytes.</returns>
    public static int Measure(IReadOnlyList<GroupRecord> records, int addressBytes)
    {
        int total = 0;
        foreach (GroupRecord record in records)
        {
            total += HeadBytes + (addressBytes * (1 + record.Sources.Count));
        }

        return total;
    }

    /// <summary>Writes records.</summary>
    /// <param name="destination">Room for them.</param>
    /// <param name="records">The records.</param>
    /// <param name="addressBytes">4 or 16.</param>
    public static void Write(Span<byte> destination, IReadOnlyList<GroupRecord> records, int addressBytes)
    {
        foreach (GroupRecord record in records)
        {
            destination[0] = (byte)record.Kind;
            destination[1] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)record.Sources.Count));
            WriteAddress(destination[HeadBytes..], record.Group, addressBytes);
            destination = destination[(HeadBytes + addressBytes)..];
            foreach (IPAddress source in record.Sources)
            {
                WriteAddress(destination, source, addressBytes);
                destination = destination[addressBytes..];
            }
        }
    }

    /// <summary>Writes an address.</summary>
    /// <param name="destination">Room for it.</param>
    /// <param name="address">The address; null for zeros.</param>
    /// <param name="addressBytes">4 or 16.</param>
    /// <exception cref="ArgumentException">The address is of the other family.</exception>
    public static void WriteAddress(Span<byte> destination, IPAddress? address, int addressBytes)
    {
        if (address is null)
        {
            destination[..addressBytes].Clear();
        }
        else if (!address.TryWriteBytes(destination[..addressBytes], out int written) || written != addressBytes)
        {
            throw new ArgumentException($"{address} is not of the message's family.", nameof(address));
        }
    }
}
