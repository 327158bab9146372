using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>The same keys as a public key URL answers with them, byte by byte.</summary>
internal sealed class KeySourceParser : PublicKeysParser
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override string Name => "keysource";

    /// <inheritdoc/>
    public override int Share => 30;

    /// <inheritdoc/>
    public override object Prepare(string input) => RawBytes.Of(input);

    /// <inheritdoc/>
    public override object Read(object prepared)
    {
        using Answer network = new((byte[])prepared);
#pragma warning disable CA2025 // the task has ended when its result is there
        return PublicKeys.FetchAsync(new Uri("https://keys.test/"), network, CancellationToken.None)
            .GetAwaiter().GetResult().Verifying("The answer");
#pragma warning restore CA2025 // the task has ended when its result is there
    }

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        string text;
        try
        {
            byte[] bytes = RawBytes.Of(input);
            text = EncodingOf(bytes).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return result == null ? null : "it is not Unicode";
        }

        // A web page is told apart before any key is looked for.
        return text.TrimStart().StartsWith('<') ? refusal?.Code == "CHATAUTH4309" ? null
            : "CHATAUTH4309 is right"
            : Judge(text, result, refusal);
    }

    private static Encoding EncodingOf(byte[] bytes) =>
        bytes is [0xFF, 0xFE, ..] or [not 0, 0, ..] ? new UnicodeEncoding(false, false, throwOnInvalidBytes: true)
        : bytes is [0xFE, 0xFF, ..] or [0, not 0, ..] ? new UnicodeEncoding(true, false, throwOnInvalidBytes: true)
        : Strict;

    private sealed class Answer(byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            ByteArrayContent content =
                new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
        }
    }
}
