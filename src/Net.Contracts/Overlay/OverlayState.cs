using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What an overlay does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayState>))]
public enum OverlayState
{
    /// <summary>It shall not run.</summary>
    Stopped,

    /// <summary>Its device and worker are being made.</summary>
    Starting,

    /// <summary>It moves packets.</summary>
    Running,

    /// <summary>It waits to be tried again, for the reason given.</summary>
    Failed,
}
