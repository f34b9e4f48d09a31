namespace Net.Demo;

/// <summary>Something was not as the demo says it is.</summary>
internal sealed class DemoException(string message) : Exception(message);
