using System.Net;
using Net.Contracts;
using Net.Relay;

namespace Net.Engine.Relay.Model;

/// <summary>An output of a rule in the relay's own terms.</summary>
internal sealed class ParsedOutput
{
    /// <summary>The word for the packet's own source address.</summary>
    public const string Keep = "keep";

    /// <summary>The word for the output interface's own address.</summary>
    public const string Interface = "interface";

    /// <summary>Reads an output that passed <see cref="RelayChecks"/>.</summary>
    /// <param name="output">The output.</param>
    public ParsedOutput(RelayOutput output)
    {
        Output = output;
        Destination = output.Destination is { } text ? IPAddress.Parse(text) : null;
        SourceMode = string.Equals(output.Source, Keep, StringComparison.OrdinalIgnoreCase) ? SourceMode.Keep
            : string.Equals(output.Source, Interface, StringComparison.OrdinalIgnoreCase) ? SourceMode.Interface
            : SourceMode.Fixed;
        FixedSource = SourceMode == SourceMode.Fixed ? IPAddress.Parse(output.Source) : null;
    }

    /// <summary>The output.</summary>
    public RelayOutput Output { get; }

    /// <summary>The destination; null keeps the packet's.</summary>
    public IPAddress? Destination { get; }

    /// <summary>Which source address packets leave with.</summary>
    public SourceMode SourceMode { get; }

    /// <summary>That address, when the rule names it.</summary>
    public IPAddress? FixedSource { get; }
}
