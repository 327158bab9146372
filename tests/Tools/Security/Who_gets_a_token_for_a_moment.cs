using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>Every cell of SECURITY.md's tables of entries <c>user:GUID</c>.</summary>
[TestClass]
public sealed class Who_gets_a_token_for_a_moment
{
    private static readonly string[] States =
    [
        "600 seconds ahead", "one second ahead", "this second", "a second ago", "an hour ahead",
        "an hour and a second ahead", "of another user", "for another contact",
    ];

    private static readonly Claim A = Claim.All["A's id"];
    private readonly IReadOnlyDictionary<string, Table> tables = ImpersonationTables.ReadMoment();

    [TestMethod]
    public async Task Every_caller_by_every_route()
    {
        using MatrixOrganization organization = new();
        Table table = tables["Callers and routes of an entry"];
        string[] routes = [.. MatrixOrganization.Routes.Take(4)];
        CollectionAssert.AreEqual(routes, table.Columns.ToArray());
        CollectionAssert.AreEquivalent(Named(organization).Keys.ToArray(), table.Rows);
        List<string> differences = [];
        foreach ((string name, Asker caller) in Named(organization))
        {
            organization.ConfigureMoment(caller.Initiating.Id, "A", 600);
            foreach (string route in routes)
            {
                await CompareAsync(differences, table, name, route, () => organization.AskAsync(route, caller, A));
            }
        }

        Assert.IsEmpty(differences, string.Join('\n', differences));
    }

    [TestMethod]
    public async Task Every_end_user_and_contact_of_an_entry()
    {
        using MatrixOrganization organization = new();
        Table table = tables["Ends, users and contacts of an entry"];
        CollectionAssert.AreEquivalent(States, table.Rows);
        List<string> differences = [];
        foreach (string column in table.Columns)
        {
            Asker caller = Named(organization)[column];
            Guid other = organization.Callers[
                column == "ordinary user" ? "system administrator" : "ordinary user"].User.Id;
            foreach (string state in table.Rows)
            {
                (Guid user, string contact, long seconds) = state switch
                {
                    "600 seconds ahead" => (caller.User.Id, "A", 600),
                    "one second ahead" => (caller.User.Id, "A", 1),
                    "this second" => (caller.User.Id, "A", 0),
                    "a second ago" => (caller.User.Id, "A", -1),
                    "an hour ahead" => (caller.User.Id, "A", 3600),
                    "an hour and a second ahead" => (caller.User.Id, "A", 3601),
                    "of another user" => (other, "A", 600),
                    "for another contact" => (caller.User.Id, "B", 600),
                    _ => throw new AssertFailedException("unknown: " + state),
                };
                organization.ConfigureMoment(user, contact, seconds);
                await CompareAsync(
                    differences, table, state, column, () => organization.AskAsync("by itself", caller, A));
            }
        }

        Assert.IsEmpty(differences, string.Join('\n', differences));
    }

    [TestMethod]
    public async Task Every_claim()
    {
        using MatrixOrganization organization = new();
        Table table = tables["Claims of an entry"];
        Asker caller = organization.Callers["system administrator"];
        CollectionAssert.AreEquivalent(Claim.All.Keys.ToArray(), table.Rows);
        List<string> differences = [];
        foreach (string column in table.Columns)
        {
            organization.ConfigureMoment(caller.User.Id, column, 600);
            foreach ((string name, Claim claim) in Claim.All)
            {
                await CompareAsync(
                    differences, table, name, column, () => organization.AskAsync("by itself", caller, claim));
            }
        }

        Assert.IsEmpty(differences, string.Join('\n', differences));
    }

    // Those whom the platform double alone knows are asked there.
    private static Dictionary<string, Asker> Named(MatrixOrganization organization) => organization.Callers
        .Where(caller => caller.Key != "portal (the platform names A for it)")
        .ToDictionary(caller => caller.Key, caller => caller.Value, StringComparer.Ordinal);

    private static async Task CompareAsync(
        List<string> differences, Table table, string row, string column, Func<Task<string>> ask)
    {
        string expected = table[row, column];
        if (!expected.StartsWith('—') && await ask() is var actual && actual != expected)
        {
            differences.Add($"{row} | {column}: {actual}, not {expected}");
        }
    }
}
