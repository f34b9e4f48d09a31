using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Speaks systemd's notification protocol (sd_notify): datagrams of lines to the socket named by NOTIFY_SOCKET.</summary>
[SupportedOSPlatform("linux")]
public sealed class SystemdNotifier : IServiceNotifier
{
    private readonly UnixDomainSocketEndPoint? _manager;

    /// <summary>Makes a notifier for a socket.</summary>
    /// <param name="notifySocket">Its path, or its abstract name after an "@"; null or empty for none.</param>
    /// <param name="watchdogInterval">Time within which the manager wants to hear of us; null for never.</param>
    public SystemdNotifier(string? notifySocket, TimeSpan? watchdogInterval = null)
    {
        WatchdogInterval = watchdogInterval;
        if (string.IsNullOrEmpty(notifySocket) || notifySocket[0] is not ('/' or '@'))
        {
            return;
        }

        // .NET writes abstract names with a leading zero character.
        _manager = new UnixDomainSocketEndPoint(notifySocket[0] == '@' ? "\0" + notifySocket[1..] : notifySocket);
    }

    /// <inheritdoc />
    public bool IsActive => _manager is not null;

    /// <inheritdoc />
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment so that children do not speak for us.</summary>
    /// <returns>The notifier; inactive when no manager started us.</returns>
    public static SystemdNotifier FromEnvironment()
    {
        string? socket = Take("NOTIFY_SOCKET");
        string? microseconds = Take("WATCHDOG_USEC");
        string? process = Take("WATCHDOG_PID");
        bool isForUs = process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        TimeSpan? interval = isForUs && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0
            ? TimeSpan.FromMicroseconds(value)
            : null;
        return new SystemdNotifier(socket, interval);
    }

    /// <inheritdoc />
    public void Ready(string? status = null) =>
        Send(string.Create(CultureInfo.InvariantCulture, $"READY=1\nMAINPID={Environment.ProcessId}{StatusLine(status)}"));

    /// <inheritdoc />
    public void Stopping(string? status = null) => Send("STOPPING=1" + StatusLine(status));

    /// <inheritdoc />
    public void Reloading() => Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={GetMonotonicMicroseconds()}"));

    /// <inheritdoc />
    public void Status(string status) => Send(StatusLine(status).TrimStart('\n'));

    /// <inheritdoc />
    public void KeepAlive() => Send("WATCHDOG=1");

    private static string? Take(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }

    // A line break would begin another assignment.
    private static string StatusLine(string? status) => string.IsNullOrEmpty(status) ? "" : "\nSTATUS=" + status.ReplaceLineEndings(" ");

    private static unsafe long GetMonotonicMicroseconds()
    {
        Libc.timespec now;
        _ = Libc.clock_gettime(Libc.CLOCK_MONOTONIC, &now);
        return (now.tv_sec * 1_000_000) + (now.tv_nsec / 1000);
    }

    private void Send(string message)
    {
        if (_manager is null || message.Length == 0)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), _manager);
        }
        catch (SocketException)
        {
            // The manager went away; the service does its work without it.
        }
    }
}
