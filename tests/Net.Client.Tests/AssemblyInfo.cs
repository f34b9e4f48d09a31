using System.Runtime.Versioning;

// The engine is reached over Unix sockets here.
[assembly: UnsupportedOSPlatform("windows")]
