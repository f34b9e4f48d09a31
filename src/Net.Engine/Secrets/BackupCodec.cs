using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Net.Contracts;

namespace Net.Engine.Secrets;

/// <summary>Encrypts document and secrets into one archive: AES-256-GCM (NIST SP 800-38D) under a key that PBKDF2-HMAC-SHA-512 (RFC 8018) makes
/// from the passphrase. Layout: magic "NMB1", iterations (4 bytes, big endian), salt (16), nonce (12), tag (16), ciphertext; everything before the tag
/// is authenticated with it.</summary>
internal static class BackupCodec
{
    /// <summary>The shortest passphrase taken.</summary>
    public const int MinPassphraseLength = 12;

    /// <summary>Rounds of an archive: OWASP's password storage cheat sheet (2023) asks for 210,000 of PBKDF2-HMAC-SHA-512; an archive is attacked off line, so it gets more.</summary>
    internal const int Iterations = 600_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 4 + 4 + SaltBytes + NonceBytes;

    private static ReadOnlySpan<byte> Magic => "NMB1"u8;

    /// <summary>Makes an archive.</summary>
    /// <param name="content">What is in it.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="iterations">Rounds of the key's derivation; fewer only where nothing is to be kept secret.</param>
    /// <exception cref="EngineException">The passphrase is too short.</exception>
    public static byte[] Seal(BackupContent content, string passphrase, int iterations = Iterations)
    {
        if (passphrase.Length < MinPassphraseLength)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The passphrase needs at least {MinPassphraseLength} characters.", "passphrase");
        }

        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(content, BackupJsonContext.Default.BackupContent);
        byte[] archive = new byte[HeaderBytes + TagBytes + plain.Length];
        Span<byte> header = archive.AsSpan(0, HeaderBytes);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], iterations);
        RandomNumberGenerator.Fill(header[8..]);
        using AesGcm cipher = Cipher(passphrase, header, iterations);
        cipher.Encrypt(header[^NonceBytes..], plain, archive.AsSpan(HeaderBytes + TagBytes), archive.AsSpan(HeaderBytes, TagBytes), header);
        CryptographicOperations.ZeroMemory(plain);
        return archive;
    }

    /// <summary>Opens an archive.</summary>
    /// <exception cref="EngineException">It is damaged, or the passphrase is wrong; which of both cannot be told.</exception>
    public static BackupContent Open(byte[] archive, string passphrase)
    {
        if (archive.Length < HeaderBytes + TagBytes || !archive.AsSpan(0, 4).SequenceEqual(Magic))
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "The file is not a backup of this engine.");
        }

        ReadOnlySpan<byte> header = archive.AsSpan(0, HeaderBytes);
        int iterations = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        if (iterations is < 1 or > MaxIterations)
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "The backup is damaged.");
        }

        byte[] plain = new byte[archive.Length - HeaderBytes - TagBytes];
        try
        {
            using AesGcm cipher = Cipher(passphrase, header, iterations);
            cipher.Decrypt(header[^NonceBytes..], archive.AsSpan(HeaderBytes + TagBytes), archive.AsSpan(HeaderBytes, TagBytes), plain, header);
            return JsonSerializer.Deserialize(plain, BackupJsonContext.Default.BackupContent) ?? throw new JsonException("empty");
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "The backup is damaged, or the passphrase is wrong.", inner: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static AesGcm Cipher(string passphrase, ReadOnlySpan<byte> header, int iterations)
    {
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), header.Slice(8, SaltBytes), iterations, HashAlgorithmName.SHA512, 32);
        try
        {
            return new AesGcm(key, TagBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
