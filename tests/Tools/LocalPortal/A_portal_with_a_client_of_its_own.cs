using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Claims;
using System.ServiceModel;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>samples/aspnetcore where chat.Call takes the place of its HTTP client.</summary>
[TestClass]
public sealed partial class A_portal_with_a_client_of_its_own
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    // Microsoft.PowerPlatform.Dataverse.Client is not in every package source: as much of it as the page names.
    private const string ServiceClient = """
        namespace Microsoft.PowerPlatform.Dataverse.Client;

        public sealed class ServiceClient(string connectionString)
        {
            public int MaxRetryCount { get; set; } = 10;

            public bool EnableAffinityCookie { get; set; } = true;

            public async System.Threading.Tasks.Task<Microsoft.Xrm.Sdk.OrganizationResponse> ExecuteAsync(
                Microsoft.Xrm.Sdk.OrganizationRequest request, System.Threading.CancellationToken cancellation) =>
                connectionString == "to Dataverse" && MaxRetryCount <= 1 && !EnableAffinityCookie
                    ? Answer(request)
                    : throw new System.InvalidOperationException();

            public static System.Func<Microsoft.Xrm.Sdk.OrganizationRequest, Microsoft.Xrm.Sdk.OrganizationResponse>
                Answer { get; set; }
        }
        """;

    private readonly List<OrganizationRequest> requests = [];

    [TestMethod]
    public async Task Gets_its_tokens_and_keys_by_the_lines_that_the_page_shows()
    {
        await using LocalHost portal = await OpenAsPageAsync(request => new OrganizationResponse
        {
            Results =
            {
                ["Token"] = "h.p.s",
                ["KeyId"] = "k1",
                ["ExpiresAt"] = DateTime.UnixEpoch,
                ["KeySet"] = "[]",
            },
        });
        Assert.AreEqual((200, "h.p.s"), await AskForTokenAsync(portal, """{"contextVariables":{"cart":1}}"""));
        OrganizationRequest issued = requests.Single();
        Assert.AreEqual("chatauth_IssueChatToken", issued.RequestName);
        Assert.AreEqual(new Guid(Bert), issued["ContactId"]);
        Assert.AreEqual("""{"cart":1}""", issued["ContextVariables"]);
        Assert.AreEqual(2, issued.Parameters.Count);

        using HttpClient client = new() { BaseAddress = portal.Url };
        Assert.AreEqual("[]", await client.GetStringAsync(new Uri("/auth/publickey", UriKind.Relative)));
        Assert.AreEqual("chatauth_GetPublicKeys", requests[1].RequestName);
        Assert.AreEqual(0, requests[1].Parameters.Count);
    }

    [TestMethod]
    [DataRow("ApiExceptionHttpStatusCode", 403, "CHATAUTH1010: Inactive.", 403, "CHATAUTH1010: The site was refused")]
    [DataRow("ApiExceptionHttpStatusCode", 403, "Principal user is missing a privilege", 424, "The site was refused")]
    [DataRow("Retry-After", 7, "Number of requests exceeded", 429, "The chat is busy. Try again in 7 s.")]
    [DataRow("else", 0, "Unexpected", 500, "The site was refused")]
    public async Task Refuses_by_them_as_the_Web_API_would(
        string detail, int value, string message, int status, string said)
    {
        OrganizationServiceFault fault = new() { Message = message };
        fault.ErrorDetails[detail] = detail == "Retry-After" ? TimeSpan.FromSeconds(value) : value;
        await using LocalHost portal =
            await OpenAsPageAsync(_ => throw new FaultException<OrganizationServiceFault>(fault, message));
        (int Status, string Text) answer = await AskForTokenAsync(portal);
        Assert.AreEqual(status, answer.Status);
        Assert.Contains(said, answer.Text);
    }

    [TestMethod]
    public async Task Says_nothing_of_what_its_client_throws()
    {
        await using LocalHost portal =
            await OpenAsync(chat => chat.Call = (_, _, _) => throw new InvalidOperationException("10.0.0.7"));
        (int Status, string Text) answer = await AskForTokenAsync(portal);
        Assert.AreEqual(502, answer.Status);
        Assert.DoesNotContain("10.0.0.7", answer.Text);
    }

    [TestMethod]
    public async Task Gives_its_client_up_after_eight_seconds()
    {
        await using LocalHost portal = await OpenAsync(chat =>
            chat.Call = (_, _, _) => new TaskCompletionSource<MessageAnswer>().Task);
        Assert.AreEqual(504, (await AskForTokenAsync(portal)).Status);
    }

    private async Task<LocalHost> OpenAsPageAsync(Func<OrganizationRequest, OrganizationResponse> answer)
    {
        string lines = ServiceClientLines().Match(
            await File.ReadAllTextAsync(RepositoryRoot.File("docs/portal.md"))).Groups[1].Value;
        Assembly compiled = Compiled(ServiceClient, $$"""
            using System;
            using System.Collections.Generic;
            using System.Linq;
            using System.ServiceModel;
            using System.Text.Json.Nodes;
            using ChatAuth.AspNetCore;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.PowerPlatform.Dataverse.Client;
            using Microsoft.Xrm.Sdk;

            public static class Portal
            {
                public static void Add(WebApplicationBuilder builder, string connectionString)
                {
                    {{lines}}
                }
            }
            """);
        compiled.GetType("Microsoft.PowerPlatform.Dataverse.Client.ServiceClient")!.GetProperty("Answer")!.SetValue(
            null,
            (OrganizationRequest request) =>
            {
                requests.Add(request);
                return answer(request);
            });
        return await LocalHost.StartAsync(
            compiled.GetType("Portal")!.GetMethod("Add")!.CreateDelegate<Action<WebApplicationBuilder, string>>()
                is { } add ? builder => add(builder, "to Dataverse") : _ => { },
            Map);
    }

    private static Task<LocalHost> OpenAsync(Action<ChatAuthOptions> configure) =>
        LocalHost.StartAsync(builder => builder.Services.AddChatAuth(configure), Map);

    private static void Map(WebApplication site)
    {
        site.Use((http, next) =>
        {
            http.User = new ClaimsPrincipal(
                new ClaimsIdentity([new Claim(ChatAuthOptions.ContactClaim, Bert)], "test"));
            return next(http);
        });
        site.MapChatAuth("/auth");
    }

    private static Assembly Compiled(params string[] sources)
    {
        using MemoryStream bytes = new();
        var result = CSharpCompilation.Create(
            "Portal",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Disable))
            .Emit(bytes);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        bytes.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(bytes);
    }

    private static async Task<(int Status, string Text)> AskForTokenAsync(LocalHost portal, string body = "")
    {
        using HttpClient client = new() { BaseAddress = portal.Url };
        using HttpRequestMessage fresh = new(HttpMethod.Get, "/auth/antiforgery");
        fresh.Headers.Add("Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage antiforgery = await client.SendAsync(fresh);
        using HttpRequestMessage request =
            new(HttpMethod.Post, "/auth/token") { Content = new StringContent(body) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add(
            ChatAuthEndpoints.AntiforgeryHeader, await antiforgery.Content.ReadAsStringAsync());
        using HttpResponseMessage response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("```csharp\n(ServiceClient .*?)```", RegexOptions.Singleline)]
    private static partial Regex ServiceClientLines();
}
