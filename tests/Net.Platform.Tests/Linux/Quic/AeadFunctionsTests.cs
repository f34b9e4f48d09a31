using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Net.Platform.Linux;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Every choice of AES-128-GCM functions that the libraries of this host offer, against another implementation.</summary>
public sealed unsafe class AeadFunctionsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_picked_for_this_processor_seals_as_another_library_does_at_every_size(int version)
    {
        bool isHere = version == 1 ? AeadFunctions.TryLoadOlder(out nint library) : AeadFunctions.TryLoadNewer(out library);
        Assert.SkipUnless(isHere, $"needs libipsec-mb{version}");
        AeadFunctions[] choices = [AeadFunctions.From(library), AeadFunctions.PickedByLibrary(library)];
        var random = new Random(20261127);
        byte[] key = new byte[AeadLibrary.KeyBytes];
        byte[] nonce = new byte[AeadLibrary.NonceBytes];
        byte[] additional = new byte[23];
        random.NextBytes(key);
        random.NextBytes(nonce);
        random.NextBytes(additional);
        using var other = new AesGcm(key, AeadLibrary.TagBytes);

        Assert.All(choices, functions =>
        {
            Assert.True(functions.IsUsable, $"libipsec-mb{version} is here, but its functions are not used");
            void* prepared = NativeMemory.AlignedAlloc(AeadLibrary.PreparedKeyBytes, AeadLibrary.PreparedKeyAlignment);
            try
            {
                fixed (byte* keyBytes = key)
                {
                    ((delegate* unmanaged[Cdecl]<byte*, void*, void>)functions.Prepare)(keyBytes, prepared);
                }

                // Every count of blocks up to a datagram's, and every rest, meets another branch of the code.
                for (int length = 0; length < 1_600; length++)
                {
                    byte[] text = new byte[length];
                    random.NextBytes(text);
                    byte[] expected = new byte[length];
                    byte[] expectedTag = new byte[AeadLibrary.TagBytes];
                    other.Encrypt(nonce, text, expected, expectedTag, additional);

                    (byte[] sealedText, byte[] tag) = Run(functions.Encrypt, prepared, text, nonce, additional);
                    (byte[] opened, byte[] openedTag) = Run(functions.Decrypt, prepared, sealedText, nonce, additional);

                    Assert.Equal(expected, sealedText);
                    Assert.Equal(expectedTag, tag);
                    Assert.Equal(text, opened);
                    Assert.Equal(expectedTag, openedTag);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(prepared);
            }
        });
    }

    [Fact]
    public void The_newest_version_of_the_host_is_used()
    {
        Assert.SkipUnless(AeadFunctions.TryLoadNewer(out _), "needs libipsec-mb2");

        Assert.StartsWith("2.", AeadLibrary.Version, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.3.0", true)]
    [InlineData("1.5.0", true)]
    [InlineData("1.30.0", false)]
    [InlineData("1.2.1", false)]
    [InlineData("1.6.0", false)]
    [InlineData("2.0.1", true)]
    [InlineData("2.1.0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_versions_whose_layout_is_known_are_used(string? version, bool isKnown) => Assert.Equal(isKnown, AeadFunctions.IsKnownVersion(version));

    private static (byte[] Text, byte[] Tag) Run(nint function, void* prepared, byte[] text, byte[] nonce, byte[] additional)
    {
        // One byte more, so that there is an address for an empty text too.
        byte[] result = [.. text, 0];
        byte[] tag = new byte[AeadLibrary.TagBytes];
        IpsecMbApi.gcm_context_data context;
        fixed (byte* bytes = result)
        fixed (byte* tagBytes = tag)
        fixed (byte* nonceBytes = nonce)
        fixed (byte* additionalBytes = additional)
        {
            ((delegate* unmanaged[Cdecl]<void*, IpsecMbApi.gcm_context_data*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)function)(
                prepared, &context, bytes, bytes, (ulong)text.Length, nonceBytes, additionalBytes, (ulong)additional.Length, tagBytes, AeadLibrary.TagBytes);
        }

        return (result[..^1], tag);
    }
}
