using System.Runtime.InteropServices;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>A message of the engine, made ready for the thread that relays.</summary>
/// <param name="Message">The message.</param>
/// <param name="Flows">The flows as they are after it; null when it changes none.</param>
/// <param name="Descriptors">What its descriptors are.</param>
/// <param name="Handles">The descriptors; who takes the command closes those nothing stands for.</param>
internal sealed record RelayCommand(WorkerMessage Message, FlowSet? Flows, RelayDescriptors Descriptors, SafeHandle[] Handles);
