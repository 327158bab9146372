using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

[TestClass]
public class A_portal_shows_its_public_keys : MapChatAuthUnderTest
{
    [TestMethod]
    public async Task Keeps_the_public_keys_for_five_minutes()
    {
        Assert.AreEqual("""[{"kid":"k1"}]""", await KeysAsync());
        Keys = (200, KeysOfTwo);
        Clock.Move(TimeSpan.FromSeconds(299));
        Assert.AreEqual("""[{"kid":"k1"}]""", await KeysAsync());
        Clock.Move(TimeSpan.FromSeconds(1));
        Assert.AreEqual("""[{"kid":"k1"},{"kid":"k2"}]""", await KeysAsync());
        Assert.HasCount(2, Calls);
    }

    [TestMethod]
    public async Task Shows_a_new_key_as_soon_as_it_hands_out_a_token_of_it()
    {
        await KeysAsync();
        Keys = (200, KeysOfTwo);
        Token = (200, Issued.Replace("k1", "k2", StringComparison.Ordinal));
        using HttpResponseMessage response = await AskAsync();
        Assert.AreEqual("""[{"kid":"k1"},{"kid":"k2"}]""", await KeysAsync());
    }

    [TestMethod]
    public async Task Answers_304_to_whoever_has_the_keys_already()
    {
        using HttpResponseMessage first = await Client.GetAsync(new Uri("/auth/publickey", UriKind.Relative));
        Assert.AreEqual("public, max-age=300", first.Headers.CacheControl!.ToString());
        using HttpRequestMessage again =
            new(HttpMethod.Get, "/auth/publickey") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using HttpResponseMessage second = await Client.SendAsync(again);
        Assert.AreEqual(HttpStatusCode.NotModified, second.StatusCode);
        Keys = (200, KeysOfTwo);
        Clock.Move(TimeSpan.FromMinutes(6));
        using HttpRequestMessage later =
            new(HttpMethod.Get, "/auth/publickey") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using HttpResponseMessage third = await Client.SendAsync(later);
        Assert.AreEqual(HttpStatusCode.OK, third.StatusCode);
    }

    [TestMethod]
    public async Task Shows_the_one_key_as_PEM_where_it_is_told_to()
    {
        await OpenAsync(chat => chat.PublicKeyForm = PublicKeyForm.Pem);
        Assert.AreEqual("PEM1", await KeysAsync());
    }

    [TestMethod]
    [DataRow(500, "")]
    [DataRow(200, """{"KeySet":"","SigningKeyId":""}""")]
    public async Task Says_503_and_keeps_nothing_where_Dataverse_gives_no_keys(int status, string text)
    {
        Keys = (status, text);
        using HttpResponseMessage response = await Client.GetAsync(new Uri("/auth/publickey", UriKind.Relative));
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.AreEqual("no-store", response.Headers.CacheControl!.ToString());
        Keys = (200, KeysOfOne);
        Assert.AreEqual("""[{"kid":"k1"}]""", await KeysAsync());
    }

    [TestMethod]
    public async Task Allows_no_other_origin_even_where_the_portal_does()
    {
        await OpenAsync(_ => { }, isOpenToOthers: true);
        using HttpRequestMessage request =
            new(HttpMethod.Get, "/auth/publickey") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage response = await Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.IsFalse(
            response.Headers.Any(
                header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
        using HttpRequestMessage other =
            new(HttpMethod.Get, "/antiforgery") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage open = await Client.SendAsync(other);
        Assert.IsTrue(open.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private Task<string> KeysAsync() => Client.GetStringAsync(new Uri("/auth/publickey", UriKind.Relative));
}
