using System;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Who_may_do_what : Organization
{
    private static readonly Guid Application = new("6f0c1f0e-0000-0000-0000-000000000001");

    [TestMethod]
    [DataRow(null)]
    [DataRow("unknown")]
    public async Task Without_a_known_token_the_answer_is_401(string? token)
    {
        var answer = await SendToken(token, "GET", "WhoAmI");
        Assert.AreEqual(401, answer.Status);
        Assert.StartsWith(
            "Bearer authorization_uri=https://login.microsoftonline.com/", answer.Headers["WWW-Authenticate"]);
    }

    [TestMethod]
    public async Task Nobody_signs_in_as_SYSTEM() =>
        Assert.AreEqual(401, (await SendToken(Local.System.Token, "GET", "WhoAmI")).Status);

    [TestMethod]
    [DataRow(false, 403)]
    [DataRow(true, 400)]
    public async Task A_disabled_user_is_refused_and_let_in_again(bool isBadRequest, int status)
    {
        var user = Local.AddPerson("Bert");
        Local.Unknowns.DisabledUsersAreBadRequests = isBadRequest;
        Disable(user, true);
        var answer = await Get("WhoAmI", user);
        Assert.AreEqual((status, "0x80040225"), (answer.Status, answer.Code));
        Assert.StartsWith($"The user with SystemUserId={user.Id:D} in OrganizationContext=local is disabled.",
            answer.Message);
        Disable(user, false);
        Assert.AreEqual(200, (await Get("WhoAmI", user)).Status);
    }

    [TestMethod]
    public async Task WhoAmI_names_the_user()
    {
        var answer = await Get("WhoAmI");
        Assert.AreEqual(Administrator.Id.ToString(), answer.Text("UserId"));
        Assert.AreEqual(Local.Id.ToString(), answer.Text("OrganizationId"));
    }

    [TestMethod]
    [DataRow("GET", "contacts", "prvReadContact", "contact")]
    [DataRow("POST", "contacts", "prvCreateContact", "contact")]
    [DataRow("PATCH", "contacts(00000001-0000-0000-0000-000000000000)", "prvWriteContact", "contact")]
    [DataRow("DELETE", "contacts(00000001-0000-0000-0000-000000000000)", "prvDeleteContact", "contact")]
    [DataRow("GET", "adx_externalidentities", "prvReadadx_externalidentity", "adx_externalidentity")]
    [DataRow("GET", "systemusers", "prvReadUser", "systemuser")]
    [DataRow("POST", "sdkmessageprocessingsteps", "prvCreateSdkMessageProcessingStep", "sdkmessageprocessingstep")]
    [DataRow(
        "GET",
        "sdkmessageprocessingstepsecureconfigs",
        "prvReadSdkMessageProcessingStepSecureConfig",
        "sdkmessageprocessingstepsecureconfig")]
    [DataRow("POST", "ImportSolutionAsync", "prvImportCustomization", null)]
    public async Task A_missing_privilege_is_named(string method, string path, string privilege, string? table)
    {
        Local.AddRow("contact", new Guid(1, 0, 0, new byte[8]));
        var user = Local.AddApplicationUser("nobody", Application);
        var answer = await Send(user, method, path, method is "GET" or "DELETE" ? null : new { });
        Assert.AreEqual((403, "0x80040220"), (answer.Status, answer.Code));
        StringAssert.Contains(answer.Message, $"Principal user (Id={user.Id}, type=8", StringComparison.Ordinal);
        StringAssert.Contains(
            answer.Message,
            $"is missing {privilege} privilege{(table == null ? string.Empty : " on OTC=")}",
            StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task One_privilege_gives_one_operation()
    {
        var user = Local.AddApplicationUser("reader", Application, "prvReadContact");
        Assert.AreEqual(200, (await Get("contacts", user)).Status);
        Assert.AreEqual(403, (await Get("accounts", user)).Status);
    }

    [TestMethod]
    public async Task A_lookup_needs_append_here_and_append_to_there()
    {
        var account = Local.AddRow("account", Guid.NewGuid()).Id;
        var body = $"{{\"parentcustomerid_account@odata.bind\":\"accounts({account})\"}}";
        var without = await Post("contacts", body, Local.AddPerson("a", "prvCreateContact", "prvAppendContact"));
        var with = await Post(
            "contacts", body, Local.AddPerson("b", "prvCreateContact", "prvAppendContact", "prvAppendToAccount"));
        Assert.AreEqual((403, 204), (without.Status, with.Status));
        StringAssert.Contains(without.Message, "prvAppendToAccount", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_privilege_that_does_not_exist_cannot_be_given() =>
        Assert.ThrowsExactly<ArgumentException>(() => Local.AddPerson("x", "prvReadNothing"));

    [TestMethod]
    public async Task Only_administrators_read_secure_configuration()
    {
        await Post("sdkmessageprocessingstepsecureconfigs", new { secureconfig = "hidden" });
        var user = Local.AddPerson("customizer", "prvReadSdkMessageProcessingStepSecureConfig");
        var named = await Get("sdkmessageprocessingstepsecureconfigs?$select=secureconfig", user);
        var filtered =
            await Get("sdkmessageprocessingstepsecureconfigs?$select=createdon&$filter=secureconfig eq 'hidden'", user);
        var all = await Get("sdkmessageprocessingstepsecureconfigs", user);
        var administrator = await Get("sdkmessageprocessingstepsecureconfigs");
        Assert.AreEqual((403, 403, 200), (named.Status, filtered.Status, all.Status));
        Assert.IsFalse(all.Json.GetRawText().Contains("hidden", StringComparison.Ordinal));
        StringAssert.Contains(administrator.Json.GetRawText(), "hidden", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Impersonation_takes_the_users_name_and_the_privileges_both_have()
    {
        var impersonator =
            Local.AddApplicationUser("impersonator", Application, "prvActOnBehalfOfAnotherUser", "prvReadContact");
        var person = Local.AddPerson("person", "prvReadAccount");
        var byId = await Send(impersonator, "GET", "WhoAmI", null, ("MSCRMCallerID", person.Id.ToString()));
        var byObject = await Send(impersonator, "GET", "WhoAmI", null, ("CallerObjectId", person.ObjectId.ToString()));
        var contacts = await Send(impersonator, "GET", "contacts", null, ("MSCRMCallerID", person.Id.ToString()));
        var accounts = await Send(impersonator, "GET", "accounts", null, ("MSCRMCallerID", person.Id.ToString()));
        var both = await Send(Administrator, "GET", "accounts", null, ("MSCRMCallerID", person.Id.ToString()));
        Assert.AreEqual(person.Id.ToString(), byId.Text("UserId"));
        Assert.AreEqual(person.Id.ToString(), byObject.Text("UserId"));
        Assert.AreEqual(
            (403, 403, 200), (contacts.Status, accounts.Status, both.Status), "both users need the privilege");
    }

    [TestMethod]
    public async Task Impersonation_needs_its_privilege_and_one_existing_user()
    {
        var user = Local.AddApplicationUser("user", Application, "prvReadContact");
        var person = Local.AddPerson("person");
        Assert.AreEqual(403, (await Send(user, "GET", "WhoAmI", null, ("MSCRMCallerID", person.Id.ToString()))).Status);
        Assert.AreEqual(404,
            (await Send(Administrator, "GET", "WhoAmI", null, ("MSCRMCallerID", Guid.NewGuid().ToString()))).Status);
        Assert.AreEqual(400, (await Send(Administrator, "GET", "WhoAmI", null, ("MSCRMCallerID", "x"))).Status);
    }

    [TestMethod]
    public async Task Only_a_portals_client_names_its_visitor()
    {
        LocalUser portal = Local.AddPortalsClient("site", null);
        var contact = Guid.NewGuid().ToString();
        Assert.AreEqual(
            200, (await Send(portal, "GET", "WhoAmI", null, ("LocalDataverse-PortalsContactId", contact))).Status);
        Assert.AreEqual(
            400, (await Send(portal, "GET", "WhoAmI", null, ("LocalDataverse-PortalsContactId", "x"))).Status);
        Assert.AreEqual(400,
            (await Send(Administrator, "GET", "WhoAmI", null, ("LocalDataverse-PortalsContactId", contact))).Status);
    }

    private void Disable(LocalUser user, bool isDisabled) => Local.Rows.Change(draft => draft.Put(
        "systemuser", user.Id, draft.Rows.Get("systemuser", user.Id).Values.SetItem("isdisabled", isDisabled)));
}
