// Almost all of a test's time is waiting for a process or for the kernel, so more classes run at once than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
// Real engines, namespaces and system calls of one kernel.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
