using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace ProbML.Service.Tests;

/// <summary>A stream of rows that is written and read by hand.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private readonly Pipe rows = new(new(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
    private readonly CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private Task<HttpResponseMessage>? pending;
    private HttpResponseMessage? response;
    private StreamReader? answers;

    public static OpenStream Start(RunningService service, string model)
    {
        var stream = new OpenStream();
        var content = new FlushedContent(stream.rows.Reader);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/models/{model}/batch")
        {
            Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        stream.pending = service.Streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stream.end.Token);
        return stream;
    }

    public ValueTask<FlushResult> Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public ValueTask<FlushResult> Send(ReadOnlyMemory<byte> text) => rows.Writer.WriteAsync(text, end.Token);

    public ValueTask Finish() => rows.Writer.CompleteAsync();

    public async Task<string?> ReadLine()
    {
        response ??= await pending!;
        response.EnsureSuccessStatusCode();
        answers ??= new(await response.Content.ReadAsStreamAsync(end.Token));
        return await answers.ReadLineAsync(end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await rows.Writer.CompleteAsync();
        await end.CancelAsync();
        answers?.Dispose();
        response?.Dispose();
        end.Dispose();
    }

    /// <summary>Sends what is there, and does not wait for more to go with it.</summary>
    private sealed class FlushedContent : HttpContent
    {
        private readonly PipeReader reader;

        public FlushedContent(PipeReader reader)
        {
            this.reader = reader;
            Headers.ContentType = new("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                foreach (var segment in read.Buffer)
                    await stream.WriteAsync(segment);
                await stream.FlushAsync();
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
