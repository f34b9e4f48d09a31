using System.Net.Sockets;
using Net.Engine.Access;

namespace Net.Engine.Rpc;

/// <summary>Asks the kernel who is at the other end of a connection.</summary>
internal interface IPeerIdentifier
{
    /// <summary>The peer of a connected socket.</summary>
    CallerIdentity Identify(Socket socket);
}
