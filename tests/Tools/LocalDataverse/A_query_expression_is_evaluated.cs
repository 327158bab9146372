using System;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Queries;
using ChatAuth.LocalDataverse.Refusals;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_query_expression_is_evaluated
{
    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");
    private readonly LocalOrganization organization = new(new MovableClock(DateTimeOffset.UnixEpoch));

    [TestInitialize]
    public void Fill()
    {
        var parent = organization.AddRow("account", Guid.NewGuid(), ("name", "Group")).Id;
        var account = organization.AddRow("account", Guid.NewGuid(), ("name", "Works"), ("revenue", 5m),
            ("parentaccountid", new EntityReference("account", parent))).Id;
        organization.AddRow(
            "contact", Bert, ("lastname", "Hair"), ("parentcustomerid", new EntityReference("account", account)),
            ("preferredcontactmethodcode", 2));
        organization.AddRow("contact", Guid.NewGuid(), ("lastname", "Lone"));
        foreach (var name in new[] { "bert", "b.hair" })
        {
            organization.AddRow("adx_externalidentity", Guid.NewGuid(), ("adx_username", name),
                ("adx_contactid", new EntityReference("contact", Bert)));
        }
    }

    [TestMethod]
    public void Columns_come_in_the_SDKs_types_and_empty_ones_not_at_all()
    {
        var row = Run(
            Contacts("lastname", "firstname", "preferredcontactmethodcode", "parentcustomerid",
                "statecode")).Entities.Single(e => e.Id == Bert);
        Assert.IsFalse(row.Contains("firstname"));
        Assert.AreEqual(new OptionSetValue(2), row["preferredcontactmethodcode"]);
        Assert.AreEqual("account", row.GetAttributeValue<EntityReference>("parentcustomerid").LogicalName);
        Assert.AreEqual(Bert, row["contactid"]);
    }

    [TestMethod]
    public void What_a_reader_changes_does_not_change_the_row()
    {
        Run(Contacts("statecode")).Entities[0].GetAttributeValue<OptionSetValue>("statecode").Value = 1;
        Assert.AreEqual(0, Run(Contacts("statecode")).Entities[0].GetAttributeValue<OptionSetValue>("statecode").Value);
    }

    [TestMethod]
    public void An_inner_join_keeps_rows_with_a_partner()
    {
        var query = Contacts("lastname");
        var link = query.AddLink("account", "parentcustomerid", "accountid", JoinOperator.Inner);
        link.EntityAlias = "a";
        link.Columns = new ColumnSet("name", "revenue", "accountnumber");
        var row = Run(query).Entities.Single();
        var name = row.GetAttributeValue<AliasedValue>("a.name");
        Assert.AreEqual(("Hair", "Works", "account", "name"),
            (row["lastname"], name.Value, name.EntityLogicalName, name.AttributeLogicalName));
        Assert.AreEqual(new Money(5), row.GetAttributeValue<AliasedValue>("a.revenue").Value);
        Assert.IsFalse(row.Contains("a.accountnumber"));
    }

    [TestMethod]
    public void A_left_outer_join_keeps_every_row_and_nests()
    {
        var query = Contacts("lastname");
        query.Orders.Add(new OrderExpression("lastname", OrderType.Ascending));
        var link = query.AddLink("account", "parentcustomerid", "accountid", JoinOperator.LeftOuter);
        var parent = link.AddLink("account", "parentaccountid", "accountid", JoinOperator.LeftOuter);
        parent.EntityAlias = "p";
        parent.Columns = new ColumnSet("name");
        var rows = Run(query).Entities;
        Assert.AreEqual(2, rows.Count);
        Assert.AreEqual("Group", rows[0].GetAttributeValue<AliasedValue>("p.name").Value);
        Assert.IsFalse(rows[1].Contains("p.name"));
    }

    [TestMethod]
    public void Each_partner_makes_a_row_and_link_criteria_choose_partners()
    {
        var query = Contacts("lastname");
        var link = query.AddLink("adx_externalidentity", "contactid", "adx_contactid", JoinOperator.Inner);
        Assert.AreEqual(2, Run(query).Entities.Count);
        link.LinkCriteria.AddCondition("adx_username", ConditionOperator.Equal, "BERT ");
        Assert.AreEqual(1, Run(query).Entities.Count);
    }

    [TestMethod]
    public void A_condition_may_name_the_alias_of_a_join()
    {
        var query = Contacts("lastname");
        query.AddLink("account", "parentcustomerid", "accountid", JoinOperator.LeftOuter).EntityAlias = "a";
        query.Criteria.AddCondition(new ConditionExpression("name", ConditionOperator.Null) { EntityName = "a" });
        Assert.AreEqual("Lone", Run(query).Entities.Single()["lastname"]);
    }

    [TestMethod]
    public void In_takes_one_of_its_values_and_Or_one_of_its_parts()
    {
        var query = Contacts("lastname");
        query.Criteria.FilterOperator = LogicalOperator.Or;
        query.Criteria.AddCondition("lastname", ConditionOperator.In, "lone", "x");
        query.Criteria.AddCondition("contactid", ConditionOperator.Equal, Bert.ToString());
        Assert.AreEqual(2, Run(query).Entities.Count);
    }

    [TestMethod]
    public void TopCount_ends_the_answer()
    {
        var query = Contacts("lastname");
        query.TopCount = 1;
        Assert.AreEqual(1, Run(query).Entities.Count);
    }

    [TestMethod]
    public void Unknown_names_are_refused_even_when_nothing_matches()
    {
        Refused(0x80041102, new QueryExpression("nosuch"));
        Refused(0x80041103, Contacts("nosuch"));
        Refused(0x80041103, With(q => q.Criteria.AddCondition("nosuch", ConditionOperator.Null)));
        Refused(0x80041103, With(q => q.Orders.Add(new OrderExpression("nosuch", OrderType.Ascending))));
        Refused(0x80041102, With(q => q.AddLink("nosuch", "contactid", "x", JoinOperator.Inner)));
        Refused(0x80041103, With(q => q.AddLink("account", "nosuch", "accountid", JoinOperator.Inner)));
        Refused(0x80041103, With(q => q.AddLink("account", "contactid", "nosuch", JoinOperator.Inner)));
        Refused(
            0x80041103, With(
                q => q.AddLink("account", "contactid", "accountid", JoinOperator.Inner).Columns = new ColumnSet(
                    "nosuch")));
        Refused(
            0x80041103, With(
                q => q.AddLink("account", "contactid", "accountid", JoinOperator.Inner).LinkCriteria.AddCondition(
                    "nosuch", ConditionOperator.Null)));
        Refused(
            0x80040203, With(
                q => q.Criteria.AddCondition(
                    new ConditionExpression("name", ConditionOperator.Null) { EntityName = "nosuch" })));
    }

    [TestMethod]
    public void Values_that_do_not_fit_are_refused()
    {
        Refused(0x80040203, With(q => q.Criteria.AddCondition("contactid", ConditionOperator.Equal, "no guid")));
        Refused(0x80040203, With(q => q.Criteria.AddCondition("statecode", ConditionOperator.Equal, "0")));
        Refused(0x80040203, With(q => q.Criteria.AddCondition("lastname", ConditionOperator.Equal, 1)));
        Refused(0x80040203, With(q => q.Criteria.AddCondition("lastname", ConditionOperator.Equal)));
        Refused(0x80040203, With(q => q.Criteria.AddCondition("lastname", ConditionOperator.Equal, [null!])));
        Refused(0x80040203, With(q => q.TopCount = 0));
        Refused(0x80040203, With(q =>
        {
            q.AddLink("account", "parentcustomerid", "accountid", JoinOperator.Inner).EntityAlias = "a";
            q.AddLink("account", "parentcustomerid", "accountid", JoinOperator.Inner).EntityAlias = "a";
        }));
    }

    [TestMethod]
    public void Operators_nobody_needed_are_not_known()
    {
        Refused(0x80004001, With(q => q.Criteria.AddCondition("lastname", (ConditionOperator)6, "H%")));
        Refused(0x80004001, With(q => q.AddLink("account", "parentcustomerid", "accountid", (JoinOperator)2)));
        Refused(0x80004001, With(q => q.Distinct = true));
    }

    [TestMethod]
    public void Joined_tables_need_their_privilege_too()
    {
        var user = organization.AddPerson("person", "prvReadContact");
        var query = With(q => q.AddLink("account", "parentcustomerid", "accountid", JoinOperator.LeftOuter));
        var refusal =
            Assert.ThrowsExactly<DataverseException>(() => new QueryEvaluator(organization.Rows.Now, user).Run(query));
        StringAssert.Contains(refusal.Message, "prvReadAccount", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_change_that_fails_leaves_nothing()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => organization.Rows.Change<bool>(draft =>
        {
            draft.Put("contact", Guid.NewGuid(), ("lastname", "Gone"));
            throw new InvalidOperationException();
        }));
        Assert.AreEqual(2, Run(Contacts("lastname")).Entities.Count);
    }

    [TestMethod]
    public async Task Concurrent_changes_are_all_there()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 50)
                .Select(_ => Task.Run(() => organization.AddRow("contact", Guid.NewGuid(), ("lastname", "Many")))));
        var rows = organization.Rows.Now.All("contact").ToList();
        Assert.AreEqual((52, 52), (rows.Count, rows.Select(r => r.Version).Distinct().Count()));
    }

    private static QueryExpression Contacts(params string[] columns) =>
        new("contact") { ColumnSet = new ColumnSet(columns) };

    private static QueryExpression With(Action<QueryExpression> change)
    {
        var query = Contacts("lastname");
        query.Criteria.AddCondition("contactid", ConditionOperator.Equal, Guid.Empty);
        change(query);
        return query;
    }

    private EntityCollection Run(QueryExpression query) =>
        new QueryEvaluator(organization.Rows.Now, organization.System).Run(query);

    private void Refused(uint code, QueryExpression query) =>
        Assert.AreEqual(unchecked((int)code), Assert.ThrowsExactly<DataverseException>(() => Run(query)).Code);
}
