using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAuth.LocalDataverse;

/// <summary>The Web API of an organization on 127.0.0.1.</summary>
internal sealed class LocalDataverseServer : IAsyncDisposable
{
    // Microsoft Learn: a request holds 128 MB at most; an assembly of 16 MB in base64 in a zip stays far below.
    private const long MaxRequestBytes = 128L * 1024 * 1024;

    private readonly WebApplication application;

    private LocalDataverseServer(WebApplication application)
    {
        this.application = application;
        Url = new Uri(application.Urls.Single());
    }

    /// <summary>Address of the organization, as an environment's URL.</summary>
    public Uri Url { get; }

    /// <summary>Starts serving an organization; port 0 takes any free one.</summary>
    /// <param name="organization">What is served.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="logToStandardError">Whether the server logs; never to stdout, which belongs to the one JSON
    /// line.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalDataverseServer> StartAsync(
        LocalOrganization organization, int port, bool logToStandardError = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logToStandardError)
        {
            // A port that is taken is told by whoever asked for it.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
                .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var application = builder.Build();
        application.Run(organization.Api.Serve);
        await application.StartAsync();
        return new LocalDataverseServer(application);
    }

    /// <summary>Ends when the process is asked to stop.</summary>
    public Task Stopped => application.WaitForShutdownAsync();

    /// <summary>Stops serving.</summary>
    public ValueTask DisposeAsync() => application.DisposeAsync();
}
