using System.Runtime.Versioning;

// The engine's socket and state modes are Unix's; what Windows has instead gets tests of its own.
[assembly: UnsupportedOSPlatform("windows")]
[assembly: SupportedOSPlatform("linux")]
