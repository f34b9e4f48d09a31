using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>How a connection ends, and in which words.</summary>
public sealed unsafe partial class QuicConnection
{
    /// <summary>Most bytes of a reason that are sent, or believed of a peer.</summary>
    private const int MaxReasonBytes = 256;

    /// <summary>Largest variable-length integer (RFC 9000 16): for more, ngtcp2 would abort the process.</summary>
    private const ulong LargestErrorCode = (1UL << 62) - 1;

    private QuicResult? _ended;
    private string? _endedText;
    private bool _isKeyRefused;
    private bool _isStatelessReset;

    /// <summary>ngtcp2's number (NGTCP2_ERR_*) of what ended the connection; 0 while it lives or when we closed it.</summary>
    public int LastError { get; private set; }

    /// <summary>What ended the connection, as a sentence without its full stop, with the TLS alert or the peer's reason; empty while it lives. The peer's words are cut to 256 bytes and
    /// control characters in them replaced.</summary>
    public string LastErrorText => _endedText ?? "";

    /// <summary>The error with which the peer's application closed the connection; null when it did not.</summary>
    public ulong? PeerApplicationError { get; private set; }

    /// <summary>Writes the packet that tells the peer the end. After it nothing more can be read or written.</summary>
    /// <param name="destination">Takes the packet; as long as <see cref="QuicOptions.MaxUdpPayloadBytes"/> at least.</param>
    /// <param name="applicationError">The application's error, below 2^62; not used when the connection failed, whose own error is told then.</param>
    /// <param name="reasonUtf8">Why, for people: it shows up in the peer's <see cref="LastErrorText"/>. Cut to 256 bytes. Before the handshake is complete only a failure's reason is sent.</param>
    /// <param name="now">The time.</param>
    /// <returns>Bytes written; 0 when the peer cannot or need not be told.</returns>
    public int WriteClose(Span<byte> destination, ulong applicationError, ReadOnlySpan<byte> reasonUtf8, long now)
    {
        RequireRoom(destination);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(applicationError, LargestErrorCode);
        Enter(now, out ulong time);
        if (_ended is not (null or QuicResult.Failed))
        {
            Leave();
            return 0;
        }

        reasonUtf8 = reasonUtf8[..Math.Min(reasonUtf8.Length, MaxReasonBytes)];
        nint written;
        fixed (byte* reason = reasonUtf8)
        fixed (byte* target = destination)
        {
            ngtcp2_ccerr error = default;
            nuint length = (nuint)reasonUtf8.Length;
            byte alert = ngtcp2_conn_get_tls_alert(_connection);
            if (_ended is null)
            {
                ngtcp2_ccerr_set_application_error(&error, applicationError, reason, length);
            }
            else if (LastError == NGTCP2_ERR_CRYPTO && alert != 0)
            {
                ngtcp2_ccerr_set_tls_alert(&error, alert, reason, length);
            }
            else
            {
                ngtcp2_ccerr_set_liberr(&error, LastError, reason, length);
            }

            written = ngtcp2_conn_write_connection_close_versioned(_connection, null, NGTCP2_PKT_INFO_V1, null, target, (nuint)destination.Length, &error, time);
        }

        _ended = QuicResult.Closed;
        _endedText ??= "closed by this node";
        Leave();
        return (int)Math.Max(0, written);
    }

    /// <summary>An event threw: the exception waits for the call to come back. Returns what makes ngtcp2 end the call.</summary>
    internal int Keep(Exception exception)
    {
        _thrown ??= ExceptionDispatchInfo.Capture(exception);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }

    /// <summary>The peer does not know this connection.</summary>
    internal void OnStatelessReset() => _isStatelessReset = true;

    private static string ErrorName(int error) => Marshal.PtrToStringUTF8((nint)ngtcp2_strerror(error)) ?? error.ToString(CultureInfo.InvariantCulture);

    private static string AlertName(int alert)
    {
        const string prefix = "GNUTLS_A_";
        string? name = Marshal.PtrToStringUTF8((nint)GnutlsApi.gnutls_alert_get_strname(alert));
        return name is null || !name.StartsWith(prefix, StringComparison.Ordinal) ? $"TLS alert {alert}" : $"TLS alert {name[prefix.Length..].ToLowerInvariant()}";
    }

    private QuicResult End(int result)
    {
        QuicResult ended = Fail(_thrown is null ? result : NGTCP2_ERR_CALLBACK_FAILURE);
        Leave();
        return ended;
    }

    private QuicResult Fail(int result)
    {
        LastError = result;
        _ended = result switch
        {
            NGTCP2_ERR_DRAINING => QuicResult.Draining,
            NGTCP2_ERR_RETRY => QuicResult.RetryRequired,
            NGTCP2_ERR_CLOSING or NGTCP2_ERR_DROP_CONN or NGTCP2_ERR_IDLE_CLOSE or NGTCP2_ERR_HANDSHAKE_TIMEOUT => QuicResult.Closed,
            _ => QuicResult.Failed,
        };
        _endedText = result switch
        {
            NGTCP2_ERR_DRAINING => DescribePeer(),
            NGTCP2_ERR_IDLE_CLOSE => "nothing came from the peer within the idle timeout",
            NGTCP2_ERR_HANDSHAKE_TIMEOUT => "the handshake was not complete within its time",
            NGTCP2_ERR_RECV_VERSION_NEGOTIATION => "the peer speaks no version of QUIC that we do",
            NGTCP2_ERR_RETRY => "the client must prove its address first",
            NGTCP2_ERR_CALLBACK_FAILURE when _thrown is not null => $"an event failed: {_thrown.SourceException.Message}",
            NGTCP2_ERR_CRYPTO when _isKeyRefused => $"the peer's key was refused ({AlertName(ngtcp2_conn_get_tls_alert(_connection))})",
            NGTCP2_ERR_CRYPTO => $"the TLS handshake failed ({AlertName(ngtcp2_conn_get_tls_alert(_connection))})",
            _ => $"the connection failed ({ErrorName(result)})",
        };
        return _ended.Value;
    }

    private string DescribePeer()
    {
        if (_isStatelessReset)
        {
            return "the peer does not know this connection any more";
        }

        ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(_connection);
        string what;
        if (error->type == NGTCP2_CCERR_TYPE_APPLICATION)
        {
            PeerApplicationError = error->error_code;
            what = $"the peer closed the connection with error {error->error_code}";
        }
        else if (error->error_code is >= NGTCP2_CRYPTO_ERROR and < NGTCP2_CRYPTO_ERROR + 256)
        {
            what = $"the peer refused the connection ({AlertName((int)error->error_code - NGTCP2_CRYPTO_ERROR)})";
        }
        else
        {
            what = $"the peer closed the connection with QUIC error 0x{error->error_code:x}";
        }

        int length = (int)Math.Min(error->reasonlen, MaxReasonBytes);
        return length == 0 ? what : $"{what}: {Readable(new ReadOnlySpan<byte>(error->reason, length))}";
    }

    // A peer's words end up in logs and on terminals.
    private static string Readable(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(utf8));
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsControl(text[index]))
            {
                text[index] = '?';
            }
        }

        return text.ToString();
    }
}
