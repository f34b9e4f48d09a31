using Net.Contracts;
using Net.Overlay.Identity;

namespace Net.Engine.Overlay.Stores;

/// <summary>The node keys of this engine. Private halves stay here and go nowhere but to the worker of an overlay that uses them.</summary>
internal sealed class IdentityStore(string stateFolder, IOverlayCrypto crypto, TimeProvider clock)
{
    /// <summary>The identity an overlay uses when none is named; made when it is first needed.</summary>
    public const string DefaultName = "default";

    // Two writers of one name would make two keys of which one is lost.
    private readonly Lock _gate = new();
    private readonly OverlayFiles _files = new(stateFolder, "identities");

    /// <summary>All identities by name.</summary>
    public IReadOnlyList<StoredIdentity> List()
    {
        lock (_gate)
        {
            return [.. _files.Names().Select(Read).OfType<StoredIdentity>()];
        }
    }

    /// <summary>An identity; null when it does not exist.</summary>
    public StoredIdentity? Find(string name)
    {
        lock (_gate)
        {
            return OverlayFiles.IsName(name) ? Read(name) : null;
        }
    }

    /// <summary>An identity; the default one is made when it does not exist.</summary>
    /// <exception cref="EngineException">Another one does not exist.</exception>
    public StoredIdentity Get(string name)
    {
        lock (_gate)
        {
            return Find(name) ?? (string.Equals(name, DefaultName, StringComparison.OrdinalIgnoreCase) ? Create(DefaultName) : throw NotFound(name));
        }
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="EngineException">The name is not usable or taken.</exception>
    public StoredIdentity Create(string name)
    {
        if (!OverlayFiles.IsName(name))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{name}' cannot be the name of an identity: 1 to 32 letters, digits and hyphens, no hyphen first.", "name");
        }

        lock (_gate)
        {
            if (Read(name) is not null)
            {
                throw new EngineException(ErrorCatalogue.OverlayIdentityExists, $"An identity named '{name}' exists already.", name);
            }

            (byte[] seed, byte[] publicKey) = NewKey(crypto);
            var identity = new StoredIdentity { Name = name, Seed = seed, PublicKey = publicKey, CreatedAt = clock.GetUtcNow() };
            Write(identity);
            return identity;
        }
    }

    /// <summary>Gives an identity a new key that the old one vouches for. Addresses stay derived from the first key.</summary>
    public StoredIdentity Rotate(string name)
    {
        lock (_gate)
        {
            StoredIdentity before = Find(name) ?? throw NotFound(name);
            (byte[] seed, byte[] publicKey) = NewKey(crypto);
            StoredIdentity after = before with
            {
                Seed = seed,
                PublicKey = publicKey,
                RotatedAt = clock.GetUtcNow(),
                AddressKey = before.AddressKey ?? before.PublicKey,
                Succession = KeySuccession.Append(before.Succession, before.Seed, before.PublicKey, publicKey, clock.GetUtcNow(), crypto),
            };
            Write(after);
            return after;
        }
    }

    /// <summary>Removes an identity; its key is lost.</summary>
    public void Remove(string name)
    {
        lock (_gate)
        {
            _ = Find(name) ?? throw NotFound(name);
            _files.Remove(name);
        }
    }

    /// <summary>An identity without its private half.</summary>
    public static OverlayIdentity Public(StoredIdentity identity, string[] usedBy) => new()
    {
        Name = identity.Name,
        NodeId = NodeId.FromPublicKey(identity.PublicKey).ToString(),
        PublicKey = PublicKeyText.Format(identity.PublicKey),
        CreatedAt = identity.CreatedAt,
        RotatedAt = identity.RotatedAt,
        AddressNodeId = identity.AddressKey is { } first ? NodeId.FromPublicKey(first).ToString() : null,
        UsedBy = usedBy,
    };

    /// <summary>A new seed and its public key.</summary>
    /// <exception cref="EngineException">The host lacks the library.</exception>
    public static (byte[] Seed, byte[] PublicKey) NewKey(IOverlayCrypto crypto)
    {
        byte[] seed = new byte[32];
        byte[] publicKey = new byte[NodeId.PublicKeyBytes];
        try
        {
            crypto.GenerateSeed(seed);
            crypto.GetPublicKey(seed, publicKey);
        }
        catch (Net.Platform.NativeLibraryMissingException exception)
        {
            throw new EngineException(ErrorCatalogue.OverlayApplyFailed, $"No key can be made: {exception.Message}", inner: exception);
        }

        return (seed, publicKey);
    }

    /// <summary>The error of an identity that does not exist.</summary>
    public static EngineException NotFound(string name) => new(ErrorCatalogue.OverlayIdentityNotFound, $"No identity is named '{name}'.", name);

    private StoredIdentity? Read(string name) => _files.Read(name, OverlayStateJsonContext.Default.StoredIdentity);

    private void Write(StoredIdentity identity) => _files.Write(identity.Name, identity, OverlayStateJsonContext.Default.StoredIdentity);
}
