using System.Collections;
using Microsoft.Build.Framework;

namespace Net.Build.Testing;

/// <summary>What coverlet's tasks expect around them; keeps their errors.</summary>
internal sealed class CoverletEngine : IBuildEngine
{
    public List<string> Errors { get; } = [];

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => string.Empty;

    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e.Message ?? "an error without words");

    /// <summary>An assembly that cannot be instrumented is only a warning to coverlet.</summary>
    public List<string> Warnings { get; } = [];

    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e.Message ?? "a warning without words");

    public void LogMessageEvent(BuildMessageEventArgs e)
    {
    }

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => false;
}
