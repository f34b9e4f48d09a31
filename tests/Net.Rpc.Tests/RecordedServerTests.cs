using System.Text.Json;

namespace Net.Rpc.Tests;

/// <summary>Our engine in the role of the recorded server.</summary>
public sealed class RecordedServerTests
{
    [Fact]
    public async Task The_server_answers_every_recorded_request_with_the_recorded_bytes()
    {
        var service = new RecordedService();
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        await using var connection = new RpcConnection(near, service.Dispatcher, new RpcConnectionOptions { FirstRequestId = 2, Observer = service });
        await using var peer = new RawPeer(far);
        connection.Start();

        IReadOnlyList<Section> sections = Section.Load(TestData.Path("streamjsonrpc.transcript"));
        Assert.True(sections.Count >= 28);
        foreach (Section section in sections)
        {
            await PlayAsync(section, peer, service);
        }

        Assert.Equal(["hi", "hi"], service.Heard);
    }

    private static async Task PlayAsync(Section section, RawPeer peer, RecordedService service)
    {
        foreach (Line line in section.Lines)
        {
            if (line.IsOfClient)
            {
                await peer.SendAsync(line.Json);
                if (line.Json.Contains("\"Ignore\"", StringComparison.Ordinal))
                {
                    Assert.True(await service.IgnoreRuns.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken));
                }
            }
            else if (line.IsExact)
            {
                string expected = RawPeer.Frame(line.Json);
                Assert.Equal((section.Title, expected), (section.Title, await peer.ReadRawAsync(expected.Length)));
            }
            else
            {
                string answer = await peer.ReadAsync();
                JsonElement expected = RawPeer.Parse(line.Json);
                JsonElement actual = RawPeer.Parse(answer);
                Assert.Equal(expected.GetProperty("id").GetInt32(), actual.GetProperty("id").GetInt32());
                Assert.Equal((section.Title, RawPeer.ErrorCode(expected)), (section.Title, RawPeer.ErrorCode(actual)));
                Assert.DoesNotContain("System.", answer, StringComparison.Ordinal);
                Assert.DoesNotContain(" at ", answer, StringComparison.Ordinal);
            }
        }
    }
}
