using System.Net;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>What is known of one source. Its ports grow with what it does, to the threshold at most.</summary>
/// <param name="address">Its address.</param>
internal sealed class SourceRecord(IPAddress address)
{
    private readonly List<(ushort Port, long Part)> _ports = [];
    private readonly long[] _quietUntil = [long.MinValue, long.MinValue, long.MinValue];

    /// <summary>Its address.</summary>
    public IPAddress Address { get; } = address;

    /// <summary>Connections to ports where people log in. A field, because it counts in place.</summary>
    public WindowCounter Logins;

    /// <summary>Connections. A field, because it counts in place.</summary>
    public WindowCounter Connections;

    /// <summary>Some of the ports it tried.</summary>
    public ushort[] SomePorts => [.. _ports.Take(10).Select(one => one.Port).Order()];

    /// <summary>Notes a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="part">The number of the part of a window.</param>
    /// <param name="most">Ports that are kept at most.</param>
    /// <returns>Different ports in the window.</returns>
    public int AddPort(ushort port, long part, int most)
    {
        int free = -1;
        for (int index = _ports.Count - 1; index >= 0; index--)
        {
            if (_ports[index].Port == port)
            {
                _ports[index] = (port, part);
                free = -2;
            }
            else if (_ports[index].Part <= part - WindowCounter.Parts)
            {
                _ports.RemoveAt(index);
            }
        }

        if (free == -1 && _ports.Count < most)
        {
            _ports.Add((port, part));
        }

        return _ports.Count;
    }

    /// <summary>Whether a finding may be told, and keeps it quiet for a time if so.</summary>
    /// <param name="kind">What it is found at.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="quiet">How long it is not told again.</param>
    public bool MayTell(DetectionKind kind, long now, TimeSpan quiet)
    {
        if (now < _quietUntil[(int)kind])
        {
            return false;
        }

        _quietUntil[(int)kind] = now + quiet.Ticks;
        return true;
    }
}
