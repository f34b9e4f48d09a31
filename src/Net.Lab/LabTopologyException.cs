namespace Net.Lab;

/// <summary>A topology is not valid. Every fault is listed, each naming the node, link or value at fault.</summary>
public sealed class LabTopologyException : LabException
{
    /// <summary>Creates the exception.</summary>
    public LabTopologyException()
        : this("topology", ["The topology is not valid."])
    {
    }

    /// <summary>Creates the exception with one fault.</summary>
    public LabTopologyException(string message)
        : this("topology", [message])
    {
    }

    /// <summary>Creates the exception with one fault and its cause.</summary>
    public LabTopologyException(string message, Exception innerException)
        : base(message, innerException) => Errors = [message];

    /// <summary>Creates the exception from the faults found in a topology or file.</summary>
    public LabTopologyException(string source, IReadOnlyList<string> errors)
        : base($"{source}: {string.Join(" ", errors)}") => Errors = errors;

    /// <summary>The faults, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
