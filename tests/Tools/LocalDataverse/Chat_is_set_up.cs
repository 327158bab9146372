using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Chat_is_set_up : Organization
{
    private static readonly object Settings = new
    {
        msdyn_name = "ChatAuth",
        msdyn_publickeyurl = "https://contosohelp.com/auth/publickey",
        msdyn_javascriptclientfunction = "auth.getAuthenticationToken",
        msdyn_authenticationtype = 192350000,
        msdyn_ocauthchanneltype = 192360000,
    };

    [TestMethod]
    public async Task A_widget_is_linked_to_its_settings()
    {
        var widget = Local.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Chat")).Id;
        var created = await Post("msdyn_authenticationsettingses", Settings);
        var settings = created.Headers["OData-EntityId"].Split('(')[1].TrimEnd(')');
        var linked = await Patch(
            $"msdyn_livechatconfigs({widget})", new Dictionary<string, object>
            {
                ["msdyn_AuthsettingsId@odata.bind"] = $"/msdyn_authenticationsettingses({settings})",
            });
        Assert.AreEqual((204, 204), (created.Status, linked.Status));
        Assert.AreEqual(
            settings, (await Get($"msdyn_livechatconfigs({widget})?$select=_msdyn_authsettingsid_value")).Text(
                "_msdyn_authsettingsid_value"));
    }

    [TestMethod]
    public async Task Settings_whose_key_URL_does_not_answer_are_refused()
    {
        var asked = string.Empty;
        Local.PublicKeyUrlAnswers = url =>
        {
            asked = url;
            return false;
        };
        Assert.AreEqual((400, "https://contosohelp.com/auth/publickey"),
            ((await Post("msdyn_authenticationsettingses", Settings)).Status, asked));
        Assert.AreEqual(0, (await Get("msdyn_authenticationsettingses")).Json.GetProperty("value").GetArrayLength());
    }

    [TestMethod]
    public async Task An_unknown_kind_of_authentication_is_refused() =>
        Assert.AreEqual("0x8004431a",
            (await Post("msdyn_authenticationsettingses", new { msdyn_authenticationtype = 192350005 })).Code);
}
