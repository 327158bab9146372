using System;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// A browser at the site, as far as HTTP shows it: cookies, the anti-forgery token of the page, and Fetch Metadata.
/// </summary>
internal sealed partial class SiteVisitor(Uri site) : IDisposable
{
    private readonly HttpClient client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site };
    private string antiforgery = string.Empty;

    /// <summary>Opens a page.</summary>
    public async Task<string> OpenAsync(string path)
    {
        string page = await client.GetStringAsync(new Uri(path, UriKind.Relative));
        antiforgery = Hidden().Match(page).Groups[1].Value;
        return page;
    }

    /// <summary>Signs in on the sign-in page.</summary>
    /// <returns>Where the visitor is sent then.</returns>
    public async Task<string> SignInAsync(string contact, string returnUrl)
    {
        await OpenAsync("/sign-in");
        using FormUrlEncodedContent form =
            new([new("__RequestVerificationToken", antiforgery), new("contact", contact), new("returnUrl", returnUrl)]);
        using HttpResponseMessage response = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        await OpenAsync("/");
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>Sends JSON, with the anti-forgery token of the page.</summary>
    public async Task<(int Status, JsonNode? Body)> PostAsync(
        string path, JsonNode body, string? token = null, bool withAntiforgery = true)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (withAntiforgery)
        {
            request.Headers.Add("__RequestVerificationToken", antiforgery);
        }

        if (token != null)
        {
            request.Headers.Add("AuthenticatedUserToken", token);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType == "application/json"
                ? JsonNode.Parse(text)
                : JsonValue.Create(text));
    }

    /// <summary>Asks the portal for a token.</summary>
    /// <param name="kind">powerpages or custom.</param>
    /// <param name="cart">The context variable msdyn_cartvalue.</param>
    public async Task<string> TokenAsync(string kind, string cart = "24.00")
    {
        JsonObject context = new() { ["contextVariables"] = new JsonObject { ["msdyn_cartvalue"] = cart } };
        (int _, JsonNode? body) =
            await PostAsync(kind == "custom" ? "/auth/token" : "/_api/serverlogics/chatauth-token", context);
        return kind == "custom"
            ? body!.GetValue<string>()
            : JsonNode.Parse(body!["Data"]!.GetValue<string>())!["token"]!.GetValue<string>();
    }

    /// <summary>Opens a conversation with a token; gives the desk's view.</summary>
    public async Task<JsonNode> ChatAsync(string kind, string token) =>
        (await PostAsync($"/chat-service/{kind}/conversations", new JsonObject(), token)).Body!;

    /// <summary>An answer as it comes.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="isScript">Whether a script asks, as most of them say.</param>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, bool isScript)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (isScript)
        {
            request.Headers.Add("X-Requested-With", "XMLHttpRequest");
        }

        return await client.SendAsync(request);
    }

    /// <summary>An answer as it comes.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Hidden();
}
