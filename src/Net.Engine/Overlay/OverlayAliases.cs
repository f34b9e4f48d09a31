// Inside of Net.* the name of the record is hidden by the namespace Net.Overlay.
global using OverlaySettings = Net.Contracts.Overlay;
