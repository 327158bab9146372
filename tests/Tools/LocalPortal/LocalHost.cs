using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>A web server of the test's on 127.0.0.1.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly WebApplication application;

    private LocalHost(WebApplication application) => this.application = application;

    /// <summary>Its address.</summary>
    public Uri Url => new(application.Urls.Single());

    /// <summary>Starts one that answers every request in one way.</summary>
    public static Task<LocalHost> AnsweringAsync(RequestDelegate answer) =>
        StartAsync(_ => { }, site => site.Run(answer));

    /// <summary>Starts one.</summary>
    /// <param name="build">Adds services.</param>
    /// <param name="map">Adds what it serves.</param>
    public static async Task<LocalHost> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        build(builder);
        WebApplication application = builder.Build();
        map(application);
        await application.StartAsync();
        return new LocalHost(application);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => application.DisposeAsync();
}
