using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class The_keys_are_not_right : SoundEnvironment
{
    private static readonly KeyFile Other = KeyFile.From(PreparedKeys.At(80), 0, 2_000_000_000);

    [TestMethod]
    public async Task There_are_none()
    {
        Organization.Rows.Change(draft =>
        {
            draft.Remove("sdkmessageprocessingstepsecureconfig", KeyRowId);
            return true;
        });
        Settings["publish"] = new JsonArray(new JsonObject { ["portal"] = KeyUrl });
        Serve("[]");
        await FindsAsync("error 5411");
    }

    [TestMethod]
    public async Task All_have_expired()
    {
        Clock.Move(TimeSpan.FromDays(366));
        Serve("[]");
        await FindsAsync("error 5411");
    }

    [TestMethod]
    public async Task The_one_that_signs_expires_soon()
    {
        Clock.Move(TimeSpan.FromDays(334));
        await FindsAsync();
        Clock.Move(TimeSpan.FromDays(2));
        StringAssert.Contains(await FindsAsync("warning 5412"), "expires 2031-01-02 03:04:");
    }

    [TestMethod]
    public async Task One_was_left_pending()
    {
        Settle(StoredKeys().With(Other.Dated(key => (Jwk.PendingNotBefore, key.ExpiresAt))));
        StringAssert.Contains(await FindsAsync("warning 5413"), Other.KeyId);
    }

    [TestMethod]
    public async Task They_are_those_of_the_environment_that_this_one_is_a_copy_of()
    {
        Store(StoredKeys(), Guid.NewGuid());
        await FindsAsync("error 5414");
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("{}")]
    public async Task They_cannot_be_read(string? text)
    {
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", KeyRowId, ("secureconfig", text));
        await FindsAsync("error 5304");
    }

    [TestMethod]
    public async Task The_one_that_signs_is_not_served_but_a_foreign_one()
    {
        Serve(Publication.Of(Other, 1).Text(PublicKeyFormat.KeySet));
        string said = await FindsAsync("error 5415", "error 5206");
        StringAssert.Contains(said, StoredKeys().KeyId);
        StringAssert.Contains(said, Other.KeyId);
        StringAssert.Contains(said, "See to CHATAUTH5206 first, then run chatauth deploy.");
    }

    [TestMethod]
    public async Task The_next_one_is_not_served()
    {
        KeyFile old = StoredKeys();
        Settle(old.With(Other.Dated(key => (Clock.GetUtcNow().ToUnixTimeSeconds() + 86400, key.ExpiresAt))));
        Serve(Publication.Of(old, Clock.GetUtcNow().ToUnixTimeSeconds()).Text(PublicKeyFormat.KeySet));
        await FindsAsync("warning 5416");
    }

    [TestMethod]
    public async Task The_URL_does_not_answer()
    {
        Keys = () => new HttpResponseMessage(HttpStatusCode.NotFound);
        StringAssert.Contains(await FindsAsync("error 5418"), "is not reachable: there is nothing.");
        Keys = () => throw new HttpRequestException("no network");
        StringAssert.Contains(await FindsAsync("error 5418"), KeyUrl + " cannot be reached.");
    }

    [TestMethod]
    public async Task The_URL_answers_with_a_web_page()
    {
        Keys = () => new HttpResponseMessage(
            HttpStatusCode.OK)
        { Content = new StringContent("<html>", new MediaTypeHeaderValue("text/html")) };
        await FindsAsync("error 5419");
    }

    [TestMethod]
    public async Task The_URL_answers_with_something_else()
    {
        Serve("{}");
        await FindsAsync("error 5420");
    }

    [TestMethod]
    [DataRow("max-age=3601", true)]
    [DataRow("max-age=60, s-maxage=90000", true)]
    [DataRow("no-store, max-age=90000", false)]
    [DataRow("public, max-age=3600", false)]
    public async Task The_URL_is_cached_for_long(string cacheControl, bool isLong)
    {
        Serve(Publication.Of(StoredKeys(), Clock.GetUtcNow().ToUnixTimeSeconds()).Text(PublicKeyFormat.KeySet),
            cacheControl);
        await FindsAsync(isLong ? ["warning 5421"] : []);
    }

    [TestMethod]
    public async Task A_file_is_for_trials()
    {
        Settings["publish"]![0]!.AsObject().Remove("url");
        Settings["publish"]![0]!["local"] = true;
        await FindsAsync("warning 5422", "warning 5482");
    }

    [TestMethod]
    public async Task The_key_URL_of_chat_is_read_though_no_target_names_it()
    {
        Settings.Remove("publish");
        Serve(Publication.Of(Other, 1).Text(PublicKeyFormat.Pem));
        await FindsAsync("warning 5482", "error 5415", "error 5207");
        Serve(Publication.Of(StoredKeys(), Clock.GetUtcNow().ToUnixTimeSeconds()).Text(PublicKeyFormat.Pem));
        await FindsAsync("warning 5482");
    }

    [TestMethod]
    public async Task A_target_is_not_there()
    {
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        StringAssert.Contains(await FindsAsync("error 5012"), "There is no Power Pages site 'Contoso'");
    }

    // As a command that was not interrupted leaves them.
    private static void Settle(KeyFile keys)
    {
        Store(keys);
        foreach (Guid step in new[] { IssueStepId, KeysStepId })
        {
            ChangeStep(step, ("description", KeysMark.Of(keys)));
        }

        Serve(Publication.Of(keys, Clock.GetUtcNow().ToUnixTimeSeconds()).Text(PublicKeyFormat.KeySet));
    }
}
