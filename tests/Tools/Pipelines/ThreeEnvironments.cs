using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using ChatAuth.Tools.Tests.SignIn;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>
/// Development, test and production: three organizations of three tenants, whose applications trust the job of their
/// own environment only.
/// </summary>
internal sealed class ThreeEnvironments : IDisposable
{
    /// <summary>Their names, in the order in which they are deployed to.</summary>
    public static readonly string[] Names = ["development", "test", "production"];

    private const string StaticHostName = "static.contosohelp.com";

    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    private readonly MovableClock clock =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };
    private readonly Dictionary<string, LocalOrganization> organizations = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> variables = [];
    private readonly Dictionary<string, LocalUser> portals = [];
    private readonly TemporaryFolder folder = new();
    private readonly Tenants tenants = new();
    private readonly Hosts hosts = new();

    /// <summary>Makes them, empty.</summary>
    /// <param name="withPortals">Whether a portal of each environment serves its keys, else a static host.</param>
    /// <param name="withOneAddress">Whether somebody gave all environments the same address.</param>
    public ThreeEnvironments(bool withPortals = true, bool withOneAddress = false)
    {
        WithPortals = withPortals;
        hosts.Add(EntraStandIn.Host, tenants).Add("token.actions.githubusercontent.com", new GitHub()).Add(
            "vstoken.dev.azure.com", new AzureDevOps()).Add(StaticHostName, new StaticHost(folder.Path));
        foreach (string name in Names)
        {
            LocalOrganization organization = new(clock);
            LocalUser pipeline = organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
            organization.AddRow("contact", Bert, ("firstname", "Bert"), ("lastname", "Hair"));
            LocalUser portal = organization.AddApplicationUser("portal", Guid.NewGuid(), "prvReadContact");
            portals[name] = portal;
            string url = $"https://{name}.crm.dynamics.com";
            EntraStandIn entra = new(organization.TenantId, pipeline.ApplicationId!.Value, url,
                () => organization.NewToken(pipeline, TimeSpan.FromHours(1)))
            { Workload = TokenOf(name) };
            tenants.Add(organization.TenantId, entra);
            DataverseHost dataverse = new(organization);
            string place = withOneAddress ? "everywhere" : name;
            hosts.Add(new Uri(url).Host, dataverse)
                .Add($"{name}.contosohelp.com", new ServingPortal(new Uri(url), dataverse, portal, clock));
            organizations[name] = organization;
            variables[name] = new Dictionary<string, string>
            {
                ["CHATAUTH_URL"] = url,
                ["AZURE_TENANT_ID"] = organization.TenantId.ToString("D"),
                ["AZURE_CLIENT_ID"] = pipeline.ApplicationId.Value.ToString("D"),
                ["PORTAL_APPLICATION_ID"] = portal.ApplicationId!.Value.ToString("D"),
                ["PUBLIC_KEY_URL"] = withPortals
                    ? $"https://{(withOneAddress ? Names[0] : name)}.contosohelp.com/auth/publickey"
                    : $"https://{StaticHostName}/{place}/publickey.json",
            };
        }
    }

    /// <summary>Whether a portal of each environment serves its keys.</summary>
    public bool WithPortals { get; }

    /// <summary>Each command that ran, with the environment it ran for.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>What an administrator has written down for an environment: addresses and ids, no secret.</summary>
    public IReadOnlyDictionary<string, string> VariablesOf(string name) => variables[name];

    /// <summary>Lets the application of an environment trust no job any more.</summary>
    public void Distrust(string name) => tenants.Of(organizations[name].TenantId).Workload = "nothing";

    /// <summary>How many keys an environment has.</summary>
    public int KeysOf(string name) =>
        organizations[name].Rows.Now.All("sdkmessageprocessingstepsecureconfig").SingleOrDefault() is { } row
        ? JsonNode.Parse(row.Text("secureconfig")!)!["keys"]!.AsArray().Count
        : 0;

    /// <summary>When the keys of an environment end, NumericDate.</summary>
    public long[] EndsOf(string name) =>
    [
        .. KeyFile.Parse(
            organizations[name].Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single().Text("secureconfig"))
            .Keys.Select(key => key.ExpiresAt),
    ];

    /// <summary>When they end by what is served at the environment's address, NumericDate.</summary>
    public async Task<IEnumerable<long>> ServedEndsAsync(string name)
    {
        using HttpClient client = new(hosts, disposeHandler: false);
        JsonNode served = JsonNode.Parse(await client.GetStringAsync(new Uri(variables[name]["PUBLIC_KEY_URL"])))!;
        return served.AsArray().Select(key => key!["expiry"]!.GetValue<long>());
    }

    /// <summary>Runs a command for the shell.</summary>
    public async Task<CommandRun> RunAsync(string[] args, Func<string, string?> environment)
    {
        string? name = Names.SingleOrDefault(each => variables[each]["CHATAUTH_URL"] == environment("CHATAUTH_URL"));
        Ran.Add($"{args[0]} {name}".TrimEnd());
        return await CommandRun.OfAsync(
            args,
            clock: clock,
            environment: environment,
            network: hosts,
            newKey: _ => PreparedKeys.At((2 * Array.IndexOf(Names, name)) + KeysOf(name!))); // two for each
    }

    /// <summary>The script that a job uploads the file of the keys with, to the folder that the static host
    /// serves.</summary>
    public string UploadScript => $"""
        set -euo pipefail
        place="{folder.Path}/$(basename "$(dirname "$PUBLIC_KEY_URL")")"
        mkdir -p "$place"
        cp out/publickey.json "$place/"
        """;

    /// <summary>Lets time pass.</summary>
    public void Move(TimeSpan by) => clock.Move(by);

    /// <summary>Asks an environment for a token and verifies it with what is served at its address.</summary>
    /// <returns>The kid that signed.</returns>
    public async Task<string> SignerOfAsync(string name)
    {
        using WebApi api = new(new Uri(variables[name]["CHATAUTH_URL"]), portals[name].Token, clock, hosts);
        Token token = Token.Parse(await ChatTokens.IssueAsync(api, Bert, null, CancellationToken.None));
        return TokenVerification.Verify(
            token,
            await PublicKeys.ReadAsync(variables[name]["PUBLIC_KEY_URL"], hosts, CancellationToken.None),
            clock.GetUtcNow()).KeyId!;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        folder.Dispose();
        hosts.Dispose();
        tenants.Dispose();
    }

    private static string TokenOf(string environment) => $"token.of.{environment}";

    /// <summary>A portal that serves chatauth_GetPublicKeys, as the samples do.</summary>
    private sealed class ServingPortal(
        Uri environment, HttpMessageHandler dataverse, LocalUser user, TimeProvider clock) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                using WebApi api = new(environment, user.Token, clock, dataverse);
                string keys = await ChatTokens.PublicKeysAsync(api, "KeySet", cancellationToken);
                HttpResponseMessage served = new(HttpStatusCode.OK) { Content = new StringContent(keys) };
                served.Headers.CacheControl = new CacheControlHeaderValue { MaxAge = TimeSpan.FromMinutes(5) };
                return served;
            }
            catch (CommandException)
            {
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            }
        }
    }

    /// <summary>One host, many tenants.</summary>
    private sealed class Tenants : HttpMessageHandler
    {
        private readonly Dictionary<string, EntraStandIn> tenants = [];

        public void Add(Guid tenant, EntraStandIn entra) => tenants[tenant.ToString("D")] = entra;

        public EntraStandIn Of(Guid tenant) => tenants[tenant.ToString("D")];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string tenant = request.RequestUri!.AbsolutePath.Split('/')[1];
            using HttpMessageInvoker entra =
                new(tenants.GetValueOrDefault(tenant) ?? tenants.Values.First(), disposeHandler: false);
            return await entra.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Says which environment a job is of: here the word that the runner gave it.</summary>
    private sealed class GitHub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                string.Create(CultureInfo.InvariantCulture,
                    $$"""{"value":"{{TokenOf(request.Headers.Authorization!.Parameter!)}}"}""")),
            });
    }

    /// <summary>Says of which service connection a job is.</summary>
    private sealed class AzureDevOps : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string connection = request.RequestUri!.Query.Split("serviceConnectionId=")[1];
            bool isJob = request.Headers.Authorization?.Parameter == "job";
            return Task.FromResult(new HttpResponseMessage(isJob ? HttpStatusCode.OK : HttpStatusCode.Unauthorized)
            {
                Content = new StringContent($$"""{"oidcToken":"{{TokenOf(connection)}}"}"""),
            });
        }
    }
}
