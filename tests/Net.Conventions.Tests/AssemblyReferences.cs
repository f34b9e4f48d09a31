using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Net.Conventions.Tests;

/// <summary>What a compiled assembly really references, read without loading it.</summary>
internal static class AssemblyReferences
{
    public static IReadOnlyList<string> Of(string assembly)
    {
        using FileStream stream = File.OpenRead(assembly);
        using PEReader reader = new(stream);
        MetadataReader metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
