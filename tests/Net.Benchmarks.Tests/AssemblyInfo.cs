using System.Runtime.Versioning;

// What is measured is the Linux engine on a Linux kernel.
[assembly: SupportedOSPlatform("linux")]
