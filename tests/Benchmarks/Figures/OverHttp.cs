using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Benchmarks.Peers;
using ChatAuth.LocalDataverse;
using ChatAuth.Pack;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>
/// Tokens a second through the whole of LocalDataverse, over the bare signatures a second of the same cores.
/// </summary>
internal static class OverHttp
{
    private const int Connections = 64;
    private const double Window = 0.5;

    /// <summary>The median of paired windows; client and server share the cores.</summary>
    public static async Task<double> MeasureAsync(double seconds, RSAParameters key)
    {
#pragma warning disable RS0030 // a benchmark measures the machine's time
        var organization =
            new LocalOrganization(TimeProvider.System, Workload.Organization) { ImportDuration = TimeSpan.Zero };
#pragma warning restore RS0030 // a benchmark measures the machine's time
        var portal = Install(organization, key);
        await using var server = await LocalDataverseServer.StartAsync(organization, port: 0);
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Connections };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(server.Url, "/api/data/v9.2/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", portal);
        var body = Encoding.UTF8.GetBytes($$"""{"ContactId":"{{Workload.ContactId:D}}"}""");
        Action[] signatures = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => TokenMakers.Bare(key))];
        await TokensAsync(client, body);
        var ratios = new List<double>();
        var started = Stopwatch.GetTimestamp();
        while (ratios.Count < 3 || Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var tokens = await TokensAsync(client, body);
            ratios.Add(tokens / InOneProcess.Throughput(signatures, Window));
        }

        return Pairing.Median(ratios);
    }

    private static async Task<double> TokensAsync(HttpClient client, byte[] body)
    {
        var done = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < Window)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response =
                    await client.PostAsync(new Uri("chatauth_IssueChatToken", UriKind.Relative), content);
                response.EnsureSuccessStatusCode();
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // The organization as deploy leaves it; what is measured is the call, so the rows are put there directly.
    private static string Install(LocalOrganization organization, RSAParameters key)
    {
        organization.Imports.Start(SolutionPackage.Product().Pack(managed: true));
        organization.Imports.Settle();
        organization.AddRow("contact", Workload.ContactId,
            [.. Workload.Columns.Select(column => (column.Column, (object?)column.Value))]);
        var secure = Guid.NewGuid();
        organization.AddRow("sdkmessageprocessingstepsecureconfig", secure, ("secureconfig", Workload.Keys(key)));
        organization.AddRow(
            "sdkmessageprocessingstep",
            Guid.NewGuid(),
            ("name", "benchmark"),
            ("mode", 0),
            ("stage", 40),
            ("rank", 1),
            ("supporteddeployment", 0),
            ("invocationsource", 0),
            ("asyncautodelete", false),
            ("configuration", Workload.Settings()),
            ("sdkmessageid", Reference(organization, "sdkmessage", "name", "chatauth_IssueChatToken")),
            ("eventhandler", Reference(organization, "plugintype", "typename", "ChatAuth.Plugins.IssueChatToken")),
            ("sdkmessageprocessingstepsecureconfigid",
                new EntityReference("sdkmessageprocessingstepsecureconfig", secure)));
        return organization.AddApplicationUser("benchmark", Workload.Application, "prvReadContact").Token;
    }

    private static EntityReference Reference(
        LocalOrganization organization, string table, string column, string value) =>
        new(table, organization.Rows.Now.All(table).Single(row => row.Text(column) == value).Id);
}
