using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Tests.Platform;

[TestClass]
public class The_portal_names_a_user_name
{
    private static Call ByColumn(string userName = "bert@contoso")
    {
        var call = new Call().WithEntry("""{"contact":{"column":"externaluseridentifier"}}""");
        call.Contact["externaluseridentifier"] = "bert@contoso";
        call.Platform.InputParameters.Remove("ContactId");
        call.Platform.InputParameters["UserName"] = userName;
        return call;
    }

    private static Call ByIdentity(string userName = "bert@contoso", int statecode = 0, string provider = "Contoso")
    {
        var call = new Call().WithEntry("""{"contact":{"externalIdentity":"Contoso"}}""");
        call.Platform.Rows.Add(new Entity("adx_externalidentity", Guid.NewGuid())
        {
            ["adx_contactid"] = new EntityReference("contact", Call.Bert),
            ["adx_username"] = "bert@contoso",
            ["adx_identityprovidername"] = provider,
            ["statecode"] = new OptionSetValue(statecode),
        });
        call.Platform.InputParameters.Remove("ContactId");
        call.Platform.InputParameters["UserName"] = userName;
        return call;
    }

    [TestMethod]
    public void A_column_finds_the_contact() =>
        Assert.AreEqual(Call.Bert.ToString("D"), ByColumn().Payload()["sub"]!.Text);

    [TestMethod]
    public void An_external_identity_finds_the_contact_in_the_one_query()
    {
        var call = ByIdentity();
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
        var link = call.Platform.Queries.Single().LinkEntities.Single();
        Assert.AreEqual(JoinOperator.Inner, link.JoinOperator);
    }

    [TestMethod]
    public void A_contact_is_found_among_others()
    {
        var byColumn = ByColumn();
        byColumn.Platform.Rows.InsertRange(0, Enumerable.Range(0, 20).Select(i => new Entity("contact", Guid.NewGuid())
        {
            ["statecode"] = new OptionSetValue(0),
            ["externaluseridentifier"] = FormattableString.Invariant($"visitor{i}"),
        }));
        Assert.AreEqual(Call.Bert.ToString("D"), byColumn.Payload()["sub"]!.Text);
    }

    [TestMethod]
    public void A_contact_with_two_identities_of_the_provider_is_found_by_either()
    {
        var call = ByIdentity("bert");
        call.Platform.Rows.Add(new Entity("adx_externalidentity", Guid.NewGuid())
        {
            ["adx_contactid"] = new EntityReference("contact", Call.Bert),
            ["adx_username"] = "bert",
            ["adx_identityprovidername"] = "Contoso",
            ["statecode"] = new OptionSetValue(0),
        });
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
        call.Platform.InputParameters["UserName"] = "bert@contoso";
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
    }

    [TestMethod]
    public void Another_case_is_another_user()
    {
        ByColumn("Bert@Contoso").IsRefused(1008);
        ByIdentity("BERT@contoso").IsRefused(1008);
    }

    [TestMethod]
    public void A_contact_whose_user_name_differs_in_case_only_does_not_make_it_ambiguous()
    {
        var call = ByColumn();
        call.Platform.Rows.Add(
            new Entity("contact",
                Guid.NewGuid())
            { ["statecode"] = new OptionSetValue(0), ["externaluseridentifier"] = "BERT@contoso" });
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
    }

    [TestMethod]
    public void Two_contacts_are_ambiguous()
    {
        var call = ByColumn();
        call.Platform.Rows.Add(
            new Entity("contact",
                Guid.NewGuid())
            { ["statecode"] = new OptionSetValue(1), ["externaluseridentifier"] = "bert@contoso" });
        call.IsRefused(1009);
    }

    [TestMethod]
    public void A_full_page_may_hide_another_match_and_is_ambiguous()
    {
        var call = ByColumn();
        for (var i = 0; i < 9; i++)
        {
            call.Platform.Rows.Add(
                new Entity("contact", Guid.NewGuid())
                {
                    ["statecode"] = new OptionSetValue(0),
                    ["externaluseridentifier"] = "BERT@CONTOSO",
                });
        }

        call.IsRefused(1009);
    }

    [TestMethod]
    public void Two_identities_of_one_contact_are_one_contact()
    {
        var call = ByIdentity();
        var row = new Entity("contact", Call.Bert)
        {
            ["statecode"] = new OptionSetValue(0),
            ["identity.adx_username"] = new AliasedValue("adx_externalidentity", "adx_username", "bert@contoso"),
            ["identity.adx_identityprovidername"] = new AliasedValue(
                "adx_externalidentity", "adx_identityprovidername", "Contoso"),
        };
        call.Platform.Answer = _ => new EntityCollection(new[] { row, row });
        Assert.AreEqual(Call.Bert.ToString("D"), call.Payload()["sub"]!.Text);
    }

    [TestMethod]
    public void A_provider_is_compared_letter_by_letter()
    {
        var call = ByIdentity(provider: "CONTOSO");
        call.IsRefused(1008);
    }

    [TestMethod]
    public void An_identity_of_another_provider_or_an_inactive_one_is_not_found()
    {
        ByIdentity(provider: "Fabrikam").IsRefused(1008);
        ByIdentity(statecode: 1).IsRefused(1008);
    }

    [TestMethod]
    public void An_inactive_contact_behind_an_identity_is_refused()
    {
        var call = ByIdentity();
        call.Contact["statecode"] = new OptionSetValue(1);
        call.IsRefused(1010);
    }

    [TestMethod]
    public void Without_a_user_name_the_call_is_refused()
    {
        var call = ByColumn(" ");
        call.IsRefused(1006);
    }

    [TestMethod]
    public void A_ContactId_beside_it_is_refused()
    {
        var call = ByColumn();
        call.Platform.InputParameters["ContactId"] = Call.Bert;
        call.IsRefused(1007);
    }

    [TestMethod]
    public void A_user_name_of_another_than_the_contact_that_is_signed_in_is_refused()
    {
        var call = ByIdentity();
        call.Platform.PortalsContactId = Guid.NewGuid();
        call.IsRefused(1005);
    }

    [TestMethod]
    public void A_user_name_has_at_most_500_characters()
    {
        ByColumn(new string('a', 500)).IsRefused(1008);
        ByColumn(new string('a', 501)).IsRefused(1011);
    }
}
