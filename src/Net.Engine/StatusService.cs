using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Metrics;
using Net.Engine.Reconciling;

namespace Net.Engine;

/// <summary>Serves hello, status and log levels.</summary>
internal sealed class StatusService(
    EngineOptions options, ConfigurationManager configuration, IReadOnlyList<ISection> sections, AccessSubsystem access,
    IPrivilegeReader privileges, ILogLevels logLevels, TimeProvider clock, Func<int> clientCount) : IMetricSource
{
    private TimeSpan _startDuration;
    private volatile bool _isReady;
    private volatile bool _isStopping;

    /// <summary>The engine serves from now on.</summary>
    public void Ready()
    {
        _startDuration = clock.GetUtcNow() - options.ProcessStartedAt;
        _isReady = true;
    }

    /// <summary>The engine is stopping.</summary>
    public void Stopping() => _isStopping = true;

    /// <summary>Agrees on the protocol.</summary>
    /// <exception cref="EngineException">The majors differ, or the text is no version.</exception>
    public HelloReply Hello(Hello request, CallerIdentity caller)
    {
        string[] wanted = request.ProtocolVersion.Split('.');
        if (wanted.Length != 2 || wanted[0] != EngineApi.ProtocolVersion.Split('.')[0])
        {
            throw new EngineException(ErrorCatalogue.ProtocolVersionMismatch,
                $"{request.ClientName} {request.ClientVersion} speaks protocol {request.ProtocolVersion}; this engine ({options.Version}) speaks {EngineApi.ProtocolVersion}.", request.ProtocolVersion);
        }

        caller.Client = $"{request.ClientName} {request.ClientVersion}";
        caller.HasSaidHello = true;
        return new HelloReply(EngineApi.ProtocolVersion, options.Version, access.RoleOf(caller), caller.UserName);
    }

    /// <summary>What the engine is and does.</summary>
    public EngineStatus Status()
    {
        SubsystemStatus[] subsystems = [.. sections.Select(section => section.Status)];
        SubsystemStatus? astray = subsystems.FirstOrDefault(subsystem => !subsystem.InDesiredState);
        (EngineState state, string? reason) = this switch
        {
            { _isStopping: true } => (EngineState.Stopping, "asked to stop"),
            { _isReady: false } => (EngineState.Starting, "loading its state"),
            _ when configuration.ReadOnlyReason is { } why => (EngineState.ReadOnly, why),
            _ when astray is not null => (EngineState.Degraded, $"{astray.Name}: {astray.Reason}"),
            _ => (EngineState.Ready, null),
        };
        return new EngineStatus
        {
            Version = options.Version,
            ProtocolVersion = EngineApi.ProtocolVersion,
            State = state,
            StateReason = reason,
            ProcessId = Environment.ProcessId,
            RunsAs = privileges.UserName,
            StartedAt = options.ProcessStartedAt,
            StartDuration = _startDuration,
            Socket = options.SocketPath,
            Generation = configuration.Info.Generation,
            ConfirmBy = configuration.Info.ConfirmBy,
            Privileges = privileges.Read(),
            Subsystems = subsystems,
            ClientCount = clientCount(),
            ResidentBytes = Environment.WorkingSet,
            LogLevels = logLevels.Levels,
            Locked = configuration.Locked,
        };
    }

    /// <summary>Sets a log level.</summary>
    public Done SetLogLevel(SetLogLevel request)
    {
        logLevels.Set(request.Area, request.Level);
        return new Done();
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        writer.Metric("engine_info", "gauge", "The engine's release.").Sample("engine_info", 1, ("version", options.Version));
        writer.Metric("engine_uptime_seconds", "gauge", "Seconds since the process started.")
            .Sample("engine_uptime_seconds", (clock.GetUtcNow() - options.ProcessStartedAt).TotalSeconds);
        writer.Metric("engine_resident_bytes", "gauge", "Memory in use.").Sample("engine_resident_bytes", Environment.WorkingSet);
        writer.Metric("configuration_generation", "gauge", "The generation in force.").Sample("configuration_generation", configuration.Info.Generation);
        writer.Metric("section_in_desired_state", "gauge", "Whether actual equals desired, 1 or 0.");
        foreach (ISection section in sections)
        {
            writer.Sample("section_in_desired_state", section.Status.InDesiredState ? 1 : 0, ("section", section.Name));
        }
    }
}
