using System.Threading.Channels;

namespace Net.Platform;

/// <summary>Receives the packets rules log. It never holds up the kernel or the packets: what nobody reads in time is dropped and counted. Disposing it lets go of the group and ends the channel.</summary>
public interface IPacketLogReader : IDisposable
{
    /// <summary>The packets in order. When the reader is too slow, the oldest are dropped.</summary>
    ChannelReader<LoggedPacket> Packets { get; }

    /// <summary>Packets received.</summary>
    long Received { get; }

    /// <summary>Packets dropped here because nobody read them in time.</summary>
    long Dropped { get; }

    /// <summary>Packets the kernel could not hand over: holes in its numbering, and at least one for each time its queue was full.</summary>
    long Lost { get; }

    /// <summary>Messages of the kernel that made no sense and were skipped.</summary>
    long Damaged { get; }
}
