using System.Globalization;
using System.Net;
using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>What is relayed: groups that come in, and how often each leaves.</summary>
/// <param name="Outputs">Outputs of each group.</param>
/// <param name="Groups">Groups, a rule each.</param>
internal sealed record RelayJob(int Outputs, int Groups = 1)
{
    /// <summary>The port every group comes in at.</summary>
    public const ushort InputPort = 5000;

    private const ushort FirstOutputPort = 6001;

    /// <summary>A group that comes in.</summary>
    public static IPAddress Input(int group) => Address(1, group);

    /// <summary>The group one becomes at an output, where it is rewritten.</summary>
    public static IPAddress Output(int output, int group) => Address(100 + output, group);

    /// <summary>The port it becomes at an output.</summary>
    public static ushort OutputPort(int output) => (ushort)(FirstOutputPort + output);

    /// <summary>Where all groups of an output are heard, rewritten or not.</summary>
    public TrafficEndpoint Endpoint(int output, bool isRewritten) =>
        new(RelayLab.SinkInterface(output), isRewritten ? Output(output, 0) : Input(0), isRewritten ? OutputPort(output) : InputPort) { Groups = Groups };

    private static IPAddress Address(int second, int group) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"239.{second}.{(group + 1) / 256}.{(group + 1) % 256}"));
}
