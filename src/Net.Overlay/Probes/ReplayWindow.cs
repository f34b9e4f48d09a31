using System.Runtime.CompilerServices;

namespace Net.Overlay.Probes;

/// <summary>Remembers which of the latest 256 sequences came (RFC 4303, 3.4.3, as a ring of words like RFC 6479), so that a recorded packet is good for nothing.</summary>
public struct ReplayWindow
{
    /// <summary>How far behind the highest sequence one may be and still be told apart from a replay.</summary>
    public const int Sequences = 256;

    // One word more than the window: the words are cleared whole, so the oldest one may be part of neither.
    private const int Words = (Sequences / 64) + 1;

    private Ring _words;
    private ulong _highest;
    private bool _any;

    /// <summary>The highest sequence accepted.</summary>
    public readonly ulong Highest => _highest;

    /// <summary>Accepts a sequence once. Call it only for what is authentic.</summary>
    /// <returns>False when it came before or is too old to know.</returns>
    public bool TryAccept(ulong sequence)
    {
        if (_any && sequence <= _highest && _highest - sequence >= Sequences)
        {
            return false;
        }

        ulong word = sequence / 64;
        if (!_any || sequence > _highest)
        {
            ulong steps = _any ? Math.Min(word - (_highest / 64), Words) : Words;
            for (ulong step = 0; step < steps; step++)
            {
                _words[(int)((word - step) % Words)] = 0;
            }

            _highest = sequence;
            _any = true;
        }

        ulong bit = 1UL << (int)(sequence % 64);
        int index = (int)(word % Words);
        if ((_words[index] & bit) != 0)
        {
            return false;
        }

        _words[index] |= bit;
        return true;
    }

    [InlineArray(Words)]
    private struct Ring
    {
        private ulong _word;
    }
}
