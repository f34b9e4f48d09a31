namespace Net.Contracts;

/// <summary>The nodes of an overlay and the sessions between them, as this node knows them.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Topology">Who connects to whom.</param>
/// <param name="Nodes">Names of the nodes, this one first.</param>
/// <param name="Edges">The sessions.</param>
public sealed record OverlayGraph(string Overlay, OverlayTopology Topology, string[] Nodes, OverlayEdge[] Edges);
