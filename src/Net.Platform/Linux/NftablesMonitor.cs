using System.Runtime.Versioning;
using System.Threading.Channels;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux;

/// <summary>Follows the kernel's rule sets through nfnetlink multicast, in the network namespace of the thread that makes it.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class NftablesMonitor : IFirewallMonitor
{
    /// <summary>Room for the announcement of 10,000 rules in one transaction.</summary>
    public const int DefaultReceiveBufferBytes = 16 << 20;

    private const int QueueLength = 1024;

    private readonly NetlinkSocket _socket;
    private readonly Wakeup _wakeup = new();
    private readonly Thread _thread;
    private readonly Action? _beforeReceiving;
    private readonly HashSet<FirewallTable> _touched = [];
    private readonly Channel<FirewallGeneration> _generations = Channel.CreateBounded<FirewallGeneration>(QueueLength);
    private volatile bool _stop;

    // After a loss the next transactions that arrive may be the ends of ones whose begins were lost: the kernel drops until the queue is empty, and goes
    // on in the middle of a transaction. They name too few tables.
    private bool _isPartial;
    private bool _isDrained;

    /// <summary>Starts to follow.</summary>
    /// <param name="receiveBufferBytes">Size of the kernel's queue for us.</param>
    public NftablesMonitor(int receiveBufferBytes = DefaultReceiveBufferBytes)
        : this(receiveBufferBytes, beforeReceiving: null)
    {
    }

    /// <summary>For tests, which make the reader slow.</summary>
    internal NftablesMonitor(int receiveBufferBytes, Action? beforeReceiving)
    {
        _beforeReceiving = beforeReceiving;
        _socket = new NetlinkSocket(NetlinkFamily.Netfilter, receiveBufferBytes);
        _socket.Join(NFNLGRP_NFTABLES);
        _thread = new Thread(Follow) { IsBackground = true, Name = "nftables events" };
        _thread.Start();
    }

    /// <inheritdoc />
    public ChannelReader<FirewallGeneration> Generations => _generations.Reader;

    /// <inheritdoc />
    public void Pause() => _socket.Leave(NFNLGRP_NFTABLES);

    /// <inheritdoc />
    public void Resume() => _socket.Join(NFNLGRP_NFTABLES);

    /// <inheritdoc />
    public void MissedSome() => Publish(new FirewallGeneration { IsOverrun = true });

    /// <inheritdoc />
    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        _wakeup.Signal();
        _thread.Join();
        _generations.Writer.TryComplete();
        _socket.Dispose();
        _wakeup.Dispose();
    }

    private void Follow()
    {
        Libc.pollfd* descriptors = stackalloc Libc.pollfd[2];
        while (!_stop)
        {
            descriptors[0] = new Libc.pollfd { fd = _socket.Descriptor.Number, events = Libc.POLLIN };
            descriptors[1] = new Libc.pollfd { fd = _wakeup.Descriptor.Number, events = Libc.POLLIN };
            Libc.poll(descriptors, 2, -1);
            while (!_stop && TryReceive(out NetlinkReceiveStatus status))
            {
                if (status == NetlinkReceiveStatus.Overrun)
                {
                    _isPartial = true;
                    _isDrained = false;
                    _touched.Clear();
                    Publish(new FirewallGeneration { IsOverrun = true });
                }
            }
        }
    }

    private bool TryReceive(out NetlinkReceiveStatus status)
    {
        _beforeReceiving?.Invoke();
        NetlinkMessageReader messages;
        try
        {
            status = _socket.Receive(out messages);
        }
        catch (NetlinkException)
        {
            status = NetlinkReceiveStatus.Overrun;
            return true;
        }

        while (messages.TryRead(out NetlinkMessage message))
        {
            try
            {
                Apply(message);
            }
            catch (NetlinkException)
            {
                // A message that makes no sense may have named any table.
                Publish(new FirewallGeneration { IsOverrun = true });
            }
        }

        _isDrained |= status == NetlinkReceiveStatus.Empty;
        return status != NetlinkReceiveStatus.Empty;
    }

    private void Apply(in NetlinkMessage message)
    {
        // A transaction is announced object by object; the generation comes last and closes it.
        if (NftablesParser.TryParseGeneration(message, out FirewallGeneration generation))
        {
            Publish(_isPartial ? new FirewallGeneration { IsOverrun = true } : generation with { Tables = [.. _touched] });
            _isPartial &= !_isDrained;
            _touched.Clear();
        }
        else if (NftablesParser.TryParseOwner(message, out FirewallTable table))
        {
            _touched.Add(table);
        }
    }

    private void Publish(FirewallGeneration generation)
    {
        if (_generations.Writer.TryWrite(generation))
        {
            return;
        }

        // Nobody read for 1,024 transactions: what is queued is worth less than knowing that something was lost.
        while (_generations.Reader.TryRead(out _))
        {
        }

        _generations.Writer.TryWrite(new FirewallGeneration { IsOverrun = true });
    }
}
