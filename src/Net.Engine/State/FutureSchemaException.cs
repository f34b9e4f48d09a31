namespace Net.Engine.State;

/// <summary>A document was written for a newer schema than this release knows.</summary>
internal sealed class FutureSchemaException(int version, int known)
    : Exception($"the document has schema version {version}; this release understands up to {known}")
{
    /// <summary>The document's version.</summary>
    public int Version { get; } = version;
}
