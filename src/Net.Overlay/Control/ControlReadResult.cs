namespace Net.Overlay.Control;

/// <summary>What came of reading the control stream.</summary>
public enum ControlReadResult
{
    /// <summary>A message was read; there may be more.</summary>
    Message,

    /// <summary>The rest of a frame has not come yet.</summary>
    NeedMore,

    /// <summary>The stream breaks the rules; close the connection with the reader's error.</summary>
    Failed,
}
