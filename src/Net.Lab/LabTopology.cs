using System.Text.Json;

namespace Net.Lab;

/// <summary>A network to build: nodes and the links between them. Valid until <see cref="Validate"/> says otherwise.</summary>
public sealed record LabTopology
{
    /// <summary>The topology's name: lower-case letters, digits and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>One line on what it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The nodes.</summary>
    public required IReadOnlyList<LabNodeDefinition> Nodes { get; init; }

    /// <summary>The links.</summary>
    public IReadOnlyList<LabLink> Links { get; init => field = value ?? []; } = [];

    /// <summary>Everything that is wrong with the topology, one sentence each; empty when it can be built.</summary>
    public IReadOnlyList<string> Validate() => TopologyValidator.Validate(this);

    /// <summary>Reads a topology from JSON text.</summary>
    /// <param name="json">The text; comments and trailing commas are allowed, unknown members are not.</param>
    /// <param name="source">What errors call the text, such as a file name.</param>
    /// <exception cref="LabTopologyException">The text is not JSON, or the topology is not valid.</exception>
    public static LabTopology Parse(string json, string source = "topology")
    {
        LabTopology? topology;
        try
        {
            topology = JsonSerializer.Deserialize(json, LabJson.Default.LabTopology);
        }
        catch (JsonException e)
        {
            throw new LabTopologyException($"{source}: line {(e.LineNumber ?? 0) + 1}, {e.Path ?? "$"}: {e.Message}", e);
        }

        if (topology is null)
        {
            throw new LabTopologyException(source, ["The file holds null, not a topology."]);
        }

        IReadOnlyList<string> errors = topology.Validate();
        return errors.Count == 0 ? topology : throw new LabTopologyException(source, errors);
    }

    /// <summary>Reads a topology from a JSON file.</summary>
    public static async Task<LabTopology> LoadAsync(string path, CancellationToken cancellationToken = default) =>
        Parse(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), path);

    /// <summary>The topology by the name of a built-in one, or else from the JSON file of that path.</summary>
    /// <exception cref="LabException">There is neither.</exception>
    public static async Task<LabTopology> FindAsync(string nameOrPath, CancellationToken cancellationToken = default)
    {
        if (LabTopologies.BuiltIn.TryGetValue(nameOrPath, out Func<LabTopology>? create))
        {
            return create();
        }

        return File.Exists(nameOrPath)
            ? await LoadAsync(nameOrPath, cancellationToken).ConfigureAwait(false)
            : throw new LabException($"There is no topology or file '{nameOrPath}'. Built in are: {string.Join(", ", LabTopologies.BuiltIn.Keys.Order(StringComparer.Ordinal))}.");
    }

    /// <summary>The topology as the JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LabJson.Default.LabTopology);
}
