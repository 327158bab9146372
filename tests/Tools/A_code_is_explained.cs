using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary><c>chatauth explain</c> for one code.</summary>
[TestClass]
public sealed class A_code_is_explained
{
    [TestMethod]
    [DataRow("CHATAUTH1002")]
    [DataRow("chatauth1002")]
    [DataRow("1002")]
    public async Task OfThePluginIsToldWithItsHttpStatusAsync(string code)
    {
        CommandRun run = await CommandRun.OfAsync(["explain", code]);

        Assert.AreEqual(
            (0, """
                CHATAUTH1002
                  The caller, {caller}, may not ask for chat tokens.
                  Add it to "callers" in chatauth.json and run chatauth deploy.
                  Comes from: the request, refused by the plug-in, HTTP status 403.

                """),
            (run.ExitCode, run.Out));
    }

    [TestMethod]
    [DataRow(
        "4001",
        "  {path} {what}.\n  Name a file that is there and that you may read.\n"
            + "  Comes from: a file that a command reads or writes.\n")]
    [DataRow("4166", "  The site {site} is in the standard data model, which no solution carries.\n")]
    [DataRow("1017", "  The token has {length} characters, 8,000 is the most that travels in a header.\n")]
    [DataRow("9001", "with the correlation id {correlationId} to whoever runs ChatAuth.\n")]
    [DataRow("5608", "  The published keys have {length} characters, a site setting of this site holds {limit}.\n")]
    public async Task NamesItsArgumentsAsync(string code, string lines) =>
        StringAssert.Contains((await CommandRun.OfAsync(["explain", code])).Out, lines);

    [TestMethod]
    public async Task WhoseFactVariesIsToldInAllItsTextsAsync()
    {
        string told = (await CommandRun.OfAsync(["explain", "5409"])).Out;
        StringAssert.Contains(told, "is not ChatAuth's, and can read or change the answer.");
        StringAssert.Contains(told, "is not ChatAuth's; it is disabled.");
    }

    [TestMethod]
    [DataRow("CHATAUTH0000")]
    [DataRow("4101")]
    [DataRow("")]
    [DataRow("AUTH1002")]
    public async Task MustBeOneOfTheTableAsync(string code)
    {
        CommandRun run = await CommandRun.OfAsync(["explain", code]);

        Assert.AreEqual((2, ""), (run.ExitCode, run.Out));
        StringAssert.Contains(run.Error, "chatauth explain --all");
    }

    [TestMethod]
    [DataRow]
    [DataRow("1002", "--all")]
    public async Task OrAllAreAskedForAsync(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(["explain", .. arguments]);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "Give either a code or --all.");
    }
}
