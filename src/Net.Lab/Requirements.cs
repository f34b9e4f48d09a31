namespace Net.Lab;

internal static class Requirements
{
    public static void CheckPlatform()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("A lab is made of Linux network namespaces; this system has none.");
        }
    }

    public static void Check()
    {
        CheckPlatform();
        if (!Environment.IsPrivilegedProcess)
        {
            throw new LabException("A lab needs root: it creates network namespaces.");
        }
    }
}
