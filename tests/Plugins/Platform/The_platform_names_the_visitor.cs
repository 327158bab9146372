using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests.Platform;

[TestClass]
public class The_platform_names_the_visitor
{
    private static Call PowerPages(string entry = "{}")
    {
        var call = new Call().WithEntry(entry, "powerpages");
        call.Platform.InitiatingUserApplicationId = Guid.Empty;
        call.Platform.IsPortalsClientCall = true;
        call.Platform.PortalsContactId = Call.Bert;
        call.Platform.InputParameters.Remove("ContactId");
        return call;
    }

    [TestMethod]
    public void The_signed_in_contact_is_taken() =>
        Assert.AreEqual(Call.Bert.ToString("D"), PowerPages().Payload()["sub"]!.Text);

    [TestMethod]
    public void An_equal_ContactId_is_accepted()
    {
        var call = PowerPages();
        call.Platform.InputParameters["ContactId"] = Call.Bert;
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    public void Another_ContactId_is_refused()
    {
        var call = PowerPages();
        call.Platform.InputParameters["ContactId"] = Guid.NewGuid();
        call.IsRefused(1005);
    }

    [TestMethod]
    public void An_anonymous_visitor_is_refused()
    {
        var call = PowerPages();
        call.Platform.PortalsContactId = Guid.Empty;
        Assert.AreEqual(PluginHttpStatusCode.Unauthorized, call.IsRefused(1001).HttpStatus);
    }

    [TestMethod]
    public void A_contact_without_the_portals_flag_is_refused()
    {
        var call = new Call().WithEntry("""{"contact":"context"}""");
        call.Platform.PortalsContactId = Call.Bert;
        call.IsRefused(1001);
    }

    [TestMethod]
    public void A_UserName_beside_it_is_refused()
    {
        var call = PowerPages();
        call.Platform.InputParameters["UserName"] = "bert";
        call.IsRefused(1007);
    }

    [TestMethod]
    public void An_entry_may_take_the_parameter_instead()
    {
        var call = PowerPages("""{"contact":"parameter"}""");
        call.Platform.PortalsContactId = Guid.Empty;
        call.Platform.InputParameters["ContactId"] = Call.Bert;
        Assert.IsNotNull(call.Token());
    }
}

[TestClass]
public class The_portal_names_the_contact
{
    [TestMethod]
    public void Without_one_the_call_is_refused()
    {
        var call = new Call();
        call.Platform.InputParameters.Remove("ContactId");
        call.IsRefused(1004);
    }

    [TestMethod]
    public void The_empty_Guid_is_none()
    {
        var call = new Call();
        call.Platform.InputParameters["ContactId"] = Guid.Empty;
        call.IsRefused(1004);
    }

    [TestMethod]
    public void Another_contact_than_the_one_that_is_signed_in_is_refused()
    {
        var call = new Call();
        call.Platform.PortalsContactId = Guid.NewGuid();
        call.IsRefused(1005);
    }

    [TestMethod]
    public void A_UserName_beside_it_is_refused()
    {
        var call = new Call();
        call.Platform.InputParameters["UserName"] = "bert";
        call.IsRefused(1007);
    }

    [TestMethod]
    public void A_blank_UserName_is_none()
    {
        var call = new Call();
        call.Platform.InputParameters["UserName"] = " ";
        Assert.IsNotNull(call.Token());
    }

    [TestMethod]
    public void A_parameter_of_another_type_is_refused()
    {
        var call = new Call();
        call.Platform.InputParameters["ContactId"] = Call.Bert.ToString("D");
        call.IsRefused(1011);
        call.Platform.InputParameters["ContactId"] = Call.Bert;
        call.Platform.InputParameters["UserName"] = 5;
        call.IsRefused(1011);
    }

    [TestMethod]
    public void An_unknown_contact_is_refused()
    {
        var call = new Call();
        call.Platform.InputParameters["ContactId"] = Guid.NewGuid();
        call.IsRefused(1008);
    }

    [TestMethod]
    public void It_is_found_among_others()
    {
        var call = new Call();
        call.Platform.Rows.InsertRange(
            0, Enumerable.Range(0, 20)
                .Select(_ => new Entity("contact", Guid.NewGuid()) { ["statecode"] = new OptionSetValue(0) }));
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
    }

    [TestMethod]
    public void Two_rows_of_one_id_are_refused()
    {
        var call = new Call();
        call.Platform.Answer = _ => new EntityCollection([call.Contact, call.Contact]);
        call.IsRefused(1009);
    }

    [TestMethod]
    public void A_row_of_another_id_is_not_taken()
    {
        var call = new Call();
        call.Platform.Answer = _ =>
            new EntityCollection([new Entity("contact", Guid.NewGuid()) { ["statecode"] = new OptionSetValue(0) }]);
        call.IsRefused(1008);
    }

    [TestMethod]
    public void An_inactive_contact_is_refused()
    {
        var call = new Call();
        call.Contact["statecode"] = new OptionSetValue(1);
        call.IsRefused(1010);
    }

    [TestMethod]
    public void A_row_that_does_not_say_that_it_is_active_is_refused()
    {
        var call = new Call();
        call.Contact.Attributes.Remove("statecode");
        call.Platform.Answer = _ => new EntityCollection([call.Contact]);
        call.IsRefused(1010);
    }
}
