using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>Every cell of SECURITY.md's tables: callers, routes, claims and kinds of entries.</summary>
[TestClass]
public sealed class Who_gets_a_token_for_whom
{
    private readonly ImpersonationTables tables = ImpersonationTables.Read();
    private readonly List<(string Place, string Told)> differences = [];
    private int cells;
    private int impossible;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Every_cell_is_as_it_was_written_down()
    {
        using MatrixOrganization organization = new();
        EnsureComplete(organization);
        foreach (var kind in tables.Kinds)
        {
            organization.Configure(kind);
            foreach (var route in tables.Callers.Columns)
            {
                organization.Enable(Plain(route));
                foreach (var caller in tables.Callers.Rows)
                {
                    await RunAsync(organization, kind, route, caller);
                }
            }
        }

        TestContext.WriteLine(FormattableString.Invariant($"{cells} cells ran, {impossible} cannot exist"));
        Assert.AreEqual(19 * 8 * 25 * 4, cells + impossible);
        Assert.IsEmpty(
            differences, string.Join(
                '\n', differences.GroupBy(cell => cell.Place)
                    .Select(place => $"{place.Key}: {place.Count()} cells, such as {place.First().Told}")));
    }

    private void EnsureComplete(MatrixOrganization organization)
    {
        CollectionAssert.AreEquivalent(organization.Callers.Keys.ToList(), tables.Callers.Rows.Select(Plain).ToList());
        CollectionAssert.AreEqual(MatrixOrganization.Routes.ToList(), tables.Callers.Columns.Select(Plain).ToList());
        CollectionAssert.AreEquivalent(MatrixOrganization.Kinds.ToList(), tables.Kinds.ToList());
        foreach (var kind in tables.Kinds)
        {
            CollectionAssert.AreEquivalent(Claim.All.Keys.ToList(), tables.Entry(kind).Rows);
        }
    }

    private async Task RunAsync(MatrixOrganization organization, string kind, string route, string caller)
    {
        var rule = tables.Callers[caller, route];
        if (rule.StartsWith('—'))
        {
            impossible += Claim.All.Count;
            return;
        }

        var isDouble = caller.EndsWith('*') || route.EndsWith('*');
        foreach (var (name, claim) in Claim.All)
        {
            var asker = organization.Callers[Plain(caller)];
            var actual = isDouble ? organization.AskDouble(Plain(route), asker, claim)
                : await organization.AskAsync(route, asker, claim);
            var expected = rule.StartsWith("→ ", StringComparison.Ordinal) ? Cell(tables.Entry(kind), name, rule[2..])
                : isDouble || name != Claim.NoGuid ? rule
                // whether Dataverse looks at the privilege or at the body first is not known
                : actual == rule && rule == "403" ? rule
                : "400";
            cells++;
            if (actual != expected)
            {
                differences.Add(($"{kind} | {caller} | {route}", $"{name}: {actual}, not {expected}"));
            }
        }
    }

    private static string Cell(Table table, string claim, string state) =>
        table[claim, table.Columns.Single(column => Plain(column) == state)];

    // Without the mark of what only the double can be asked.
    private static string Plain(string name) => name.Replace("\\*", string.Empty, StringComparison.Ordinal);
}
