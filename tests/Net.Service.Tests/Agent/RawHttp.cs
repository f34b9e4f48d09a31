using System.Net.Sockets;
using System.Text;

namespace Net.Service.Tests.Agent;

/// <summary>Bytes out, text back: HTTP without a client that would mend what a test breaks on purpose.</summary>
internal static class RawHttp
{
    public static async Task<string> ExchangeAsync(Socket socket, byte[] request, CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            await socket.SendAsync(request, cancellationToken);
            while (await socket.ReceiveAsync(buffer, cancellationToken) is int read and > 0)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            // Closed without reading all we sent: what was answered before still counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
