using System.Globalization;
using System.Net;

namespace Net.Overlay.Control;

/// <summary>A change of the prefixes the sender forwards to. Many prefixes take several frames; the last one says so, and the receiver applies them together.</summary>
public sealed record Routes : ControlMessage
{
    /// <summary>The most prefixes in one frame, advertised and withdrawn together.</summary>
    public const int MaxPrefixes = 2048;

    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.Routes;

    /// <summary>Whether everything advertised before is withdrawn by this frame first.</summary>
    public bool ReplacesAll { get; init; }

    /// <summary>Whether more frames of the same change follow.</summary>
    public bool HasMore { get; init; }

    /// <summary>Prefixes that are new or have another preference.</summary>
    public IReadOnlyList<AdvertisedRoute> Advertised { get; init; } = [];

    /// <summary>Prefixes that are gone.</summary>
    public IReadOnlyList<IPNetwork> Withdrawn { get; init; } = [];

    /// <summary>Splits a change of any size into frames.</summary>
    /// <param name="replacesAll">Whether the change replaces everything before.</param>
    /// <param name="advertised">Prefixes that are new or have another preference.</param>
    /// <param name="withdrawn">Prefixes that are gone.</param>
    public static IReadOnlyList<Routes> Split(bool replacesAll, IReadOnlyList<AdvertisedRoute> advertised, IReadOnlyList<IPNetwork> withdrawn)
    {
        ArgumentNullException.ThrowIfNull(advertised);
        ArgumentNullException.ThrowIfNull(withdrawn);
        List<Routes> frames =
        [
            .. withdrawn.Chunk(MaxPrefixes).Select(part => new Routes { HasMore = true, Withdrawn = part }),
            .. advertised.Chunk(MaxPrefixes).Select(part => new Routes { HasMore = true, Advertised = part }),
        ];
        if (frames.Count == 0)
        {
            frames.Add(new Routes());
        }

        frames[0] = frames[0] with { ReplacesAll = replacesAll };
        frames[^1] = frames[^1] with { HasMore = false };
        return frames;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Routes({(ReplacesAll ? "replaces all, " : string.Empty)}advertised {Advertised.Count}: {string.Join(' ', Advertised.Take(8).Select(route => $"{route.Prefix}@{route.Preference}"))}, withdrawn {Withdrawn.Count}: {string.Join(' ', Withdrawn.Take(8))}{(HasMore ? ", more" : string.Empty)})");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        BodyWriter.ThrowIfMore(Advertised.Count + Withdrawn.Count, MaxPrefixes, "prefixes");
        writer.Byte((byte)((ReplacesAll ? 1 : 0) | (HasMore ? 2 : 0)));
        writer.Number((ulong)Advertised.Count);
        foreach (AdvertisedRoute route in Advertised)
        {
            writer.Prefix(route.Prefix);
            writer.Number((ulong)route.Preference);
        }

        writer.Number((ulong)Withdrawn.Count);
        foreach (IPNetwork prefix in Withdrawn)
        {
            writer.Prefix(prefix);
        }
    }

    /// <summary>Reads the body.</summary>
    internal static Routes? Read(ref BodyReader reader)
    {
        byte flags = reader.Byte();
        int count = reader.Count(MaxPrefixes);
        var advertised = new List<AdvertisedRoute>(Math.Min(count, reader.Length / 3));
        for (int index = 0; index < count && !reader.IsFailed; index++)
        {
            IPNetwork prefix = reader.Prefix();
            advertised.Add(new AdvertisedRoute(prefix, reader.Int32()));
        }

        count = reader.Count(MaxPrefixes - advertised.Count);
        var withdrawn = new List<IPNetwork>(Math.Min(count, reader.Length / 2));
        for (int index = 0; index < count && !reader.IsFailed; index++)
        {
            withdrawn.Add(reader.Prefix());
        }

        return reader.IsFailed ? null : new Routes { ReplacesAll = (flags & 1) != 0, HasMore = (flags & 2) != 0, Advertised = advertised, Withdrawn = withdrawn };
    }
}
