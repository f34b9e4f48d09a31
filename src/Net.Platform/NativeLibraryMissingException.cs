namespace Net.Platform;

/// <summary>A native library that a feature needs is not on this host, is too old, or could not be loaded. The message names the Debian packages to install.</summary>
public sealed class NativeLibraryMissingException : Exception
{
    /// <summary>Makes an empty exception.</summary>
    public NativeLibraryMissingException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public NativeLibraryMissingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public NativeLibraryMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that names what is missing and where it comes from.</summary>
    /// <param name="libraries">File names of the libraries, such as "libngtcp2.so.16".</param>
    /// <param name="packages">The Debian packages that bring them.</param>
    public NativeLibraryMissingException(IReadOnlyList<string> libraries, IReadOnlyList<string> packages)
        : base(Explain(libraries, packages))
    {
        Libraries = libraries;
        Packages = packages;
    }

    /// <summary>File names of the libraries that were not found or could not be used.</summary>
    public IReadOnlyList<string> Libraries { get; } = [];

    /// <summary>The Debian packages that bring them.</summary>
    public IReadOnlyList<string> Packages { get; } = [];

    private static string Explain(IReadOnlyList<string> libraries, IReadOnlyList<string> packages)
    {
        ArgumentNullException.ThrowIfNull(libraries);
        ArgumentNullException.ThrowIfNull(packages);
        return $"This host lacks {string.Join(" and ", libraries)}, which encryption between peers needs. Install {string.Join(' ', packages)} (Debian 12 has the QUIC library in bookworm-backports).";
    }
}
