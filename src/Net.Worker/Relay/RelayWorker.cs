using System.ComponentModel;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>A relay worker: one thread moves packets from rings and sockets to rings and sockets it was given, and has no way to open others.</summary>
/// <param name="channel">The channel to the engine; the caller disposes it.</param>
/// <param name="exit">Ends the process when the engine is gone.</param>
internal sealed class RelayWorker(WorkerChannel channel, Action<int> exit)
{
    // A batch of one input may not keep the others, reports and commands waiting: between two of these the clock and the commands are looked at.
    private const int RoundsBetweenLooks = 16;

    private const long DrainNanoseconds = 200_000_000;

    // Whoever else computes on these cores, such as a worker that relays, is to notice little.
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs until the engine ends it or goes away.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        using var mailbox = new RelayMailbox(channel, exit);
        using var rehearsal = new RelayRehearsal();

        // One that was started to take another's place has time; one that has rules already goes on with it once they wait for packets.
        if (!channel.WaitFor(TimeSpan.Zero))
        {
            rehearsal.Speak(mailbox);
        }

        while (!rehearsal.IsOver && !channel.WaitFor(BetweenSteps))
        {
            rehearsal.Step();
        }

        if (mailbox.Open() is not { } first)
        {
            return 2;
        }

        try
        {
            Relay(mailbox, first, (StartRelay)first.Message, rehearsal);
            return 0;
        }
        catch (Exception exception) when (exception is Win32Exception or SocketException or PlatformNotSupportedException)
        {
            mailbox.Report(new RelayFailed(exception.Message));
            return 1;
        }
        finally
        {
            mailbox.Close();
        }
    }

    private static void Relay(RelayMailbox mailbox, RelayCommand first, StartRelay start, RelayRehearsal rehearsal)
    {
        if (start.Core is { } core)
        {
            ThreadAffinity.PinCurrentThread(core);
        }

        _ = ThreadSlice.TryShorten();

        long now = MonotonicClock.Now;
        using var engine = new RelayEngine();
        using var ports = new RelayPorts(mailbox);
        using var reporter = new RelayReporter(now);
        var traces = new RelayTraces(mailbox);
        Poller poller = Apply(first, mailbox, engine, ports, reporter, traces, now)!;
        if (start.LockProcess)
        {
            Seccomp.LockProcess();
        }

        mailbox.Report(new RelayReady(start.LockProcess));
        var spin = new SpinPolicy();
        long interval = Math.Max(10_000_000, (long)start.ReportInterval.TotalNanoseconds);
        long next = now;
        while (true)
        {
            now = MonotonicClock.Now;
            if (now >= next)
            {
                next = now + interval;
                if (mailbox.HasRoom)
                {
                    mailbox.Report(reporter.Make(engine, ports, now, isLast: false));
                    traces.Tell(engine.Flows, isTick: true);
                }
            }

            while (mailbox.TryTake(out RelayCommand? command))
            {
                if (command!.Message is StopRelay)
                {
                    Drain(engine, ports);
                    mailbox.Report(reporter.Make(engine, ports, MonotonicClock.Now, isLast: true));
                    return;
                }

                poller = Apply(command, mailbox, engine, ports, reporter, traces, now) ?? poller;
            }

            if (Round(engine, ports))
            {
                traces.Tell(engine.Flows, isTick: false);
            }
            else if (!rehearsal.IsOver)
            {
                rehearsal.Step();
            }
            else if (!spin.ShouldSpin(engine.Packets, MonotonicClock.Now))
            {
                Wait(poller, ports, next - MonotonicClock.Now);
            }
        }
    }

    // Returns whether there was something in the last round.
    private static bool Round(RelayEngine engine, RelayPorts ports)
    {
        bool isBusy = true;
        for (int round = 0; round < RoundsBetweenLooks && isBusy; round++)
        {
            isBusy = false;
            long now = MonotonicClock.Now;
            foreach (RingPort ring in ports.Rings)
            {
                isBusy |= engine.Relay(ring, now) > 0;
            }

            foreach (UdpPort receiver in ports.Receivers)
            {
                isBusy |= engine.Relay(receiver, now) > 0;
            }
        }

        return isBusy;
    }

    private static void Wait(Poller poller, RelayPorts ports, long nanoseconds)
    {
        if (nanoseconds <= 0 || poller.Wait(nanoseconds) == 0)
        {
            return;
        }

        // A descriptor that tells of an error is ready until the error was taken, such as a ring whose interface went down.
        int place = 1;
        foreach (RingPort ring in ports.Rings)
        {
            if (poller.HasError(place++))
            {
                ring.Ring.TakeError();
            }
        }

        foreach (UdpPort receiver in ports.Receivers)
        {
            if (poller.HasError(place++))
            {
                receiver.Receiver.TakeError();
            }
        }
    }

    // What waits now is relayed; what comes later is another's, and a stream that never pauses must not keep the worker.
    private static void Drain(RelayEngine engine, RelayPorts ports)
    {
        long deadline = MonotonicClock.Now + DrainNanoseconds;
        while (Round(engine, ports) && MonotonicClock.Now < deadline)
        {
        }
    }

    private static Poller? Apply(RelayCommand command, RelayMailbox mailbox, RelayEngine engine, RelayPorts ports, RelayReporter reporter, RelayTraces traces, long now)
    {
        switch (command.Message)
        {
            case StartTrace trace:
                traces.Start(trace, engine.Flows);
                break;
            case StopTrace trace:
                traces.Stop(trace.Id, engine.Flows);
                break;
        }

        List<IDisposable> gone = ports.Take(command.Descriptors, command.Handles);
        if (command.Flows is not { } flows)
        {
            return null;
        }

        // What flows that end have counted would be lost with them.
        reporter.Collect(engine, now);
        ports.Connect(flows);
        engine.Use(flows);
        traces.MoveTo(flows);
        gone.ForEach(port => port.Dispose());
        mailbox.Log(1, $"{flows.ByNumber.Length} flows are in use");
        var poller = new Poller(1 + ports.Rings.Length + ports.Receivers.Length);
        poller.Set(0, mailbox.WakeupHandle, wantRead: true);
        int place = 1;
        foreach (RingPort ring in ports.Rings)
        {
            poller.Set(place++, ring.Ring.Handle, wantRead: true);
        }

        foreach (UdpPort receiver in ports.Receivers)
        {
            poller.Set(place++, receiver.Receiver.Handle, wantRead: true);
        }

        return poller;
    }
}
