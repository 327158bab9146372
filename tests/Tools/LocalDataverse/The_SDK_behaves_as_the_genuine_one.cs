using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Tools.Tests.LocalDataverse;

/// <summary>What code may rely on, and is therefore the same in the stand-in.</summary>
[TestClass]
public sealed class The_SDK_behaves_as_the_genuine_one
{
    [TestMethod]
    public void A_join_below_a_join_starts_from_the_table_that_its_parent_starts_from()
    {
        LinkEntity parent = new QueryExpression("contact").AddLink(
            "account", "parentcustomerid", "accountid", JoinOperator.Inner);
        LinkEntity child = parent.AddLink("contact", "primarycontactid", "contactid", JoinOperator.Inner);
        Assert.AreEqual(("contact", "contact"), (child.LinkFromEntityName, child.LinkToEntityName));
    }

    [TestMethod]
    public void A_collection_of_rows_is_a_copy()
    {
        List<Entity> list = [new Entity("contact")];
        EntityCollection copy = new(list);
        list.Clear();
        Assert.HasCount(1, copy.Entities);
    }

    [TestMethod]
    public void Null_is_an_empty_collection()
    {
        Assert.IsEmpty(new EntityCollection(null).Entities);
        Assert.IsEmpty(new ColumnSet((string[])null!).Columns);
        Assert.IsEmpty(new ConditionExpression("name", ConditionOperator.Null, (object[])null!).Values);
        Entity row = new("contact") { Attributes = null };
        Assert.AreEqual(0, row.Attributes!.Count);
        row["firstname"] = "Bert";
        Assert.IsTrue(row.Contains("firstname"));
    }
}
