using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Pack;
using ChatAuth.Settings;
using ChatAuth.Sites;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>The zips of a site, packed offline.</summary>
[TestClass]
public sealed partial class A_site_is_packed
{
    private const string Site = "20f5d326-50b3-492b-aa2f-b29c913c932a";

    private static readonly string[] Ids =
    [
        "--home-page", "72039cc9-7b49-4773-91e6-9820290aecce",
        "--publishing-state", "3de66291-24a2-45a8-8ed9-3714e0e9d453",
        "--web-role", "dc2b1fc1-27fd-4af6-b084-0dee12022fcc",
    ];

    private static readonly string[] Least = ["pack", "--site-id", Site, "--portal-url", "https://contosohelp.com"];
    private static readonly string[] Usual = [.. Least, .. Ids];

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task IsTwoZipsOfTheSameBytesEachTimeAsync(bool isBound)
    {
        using TemporaryFolder folder = new();
        foreach (string run in (string[])["one", "two"])
        {
            CommandRun packed = await CommandRun.OfAsync([.. isBound ? Usual : Least, "--out", folder.File(run)]);
            Assert.AreEqual(0, packed.ExitCode, packed.Error);
            Assert.HasCount(5, packed.Out.Trim().Split('\n'));
        }

        foreach (string name in (string[])["ChatAuthPortal_managed.zip", "ChatAuthPortal.zip"])
        {
            CollectionAssert.AreEqual(await File.ReadAllBytesAsync(folder.File("one/" + name)),
                await File.ReadAllBytesAsync(folder.File("two/" + name)));
        }
    }

    [TestMethod]
    public async Task HoldsWhatTheSiteNeedsAndNoKeysAsync()
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(
            [
                .. Usual, "--language", "f81f1fb6-ea27-423b-85a9-56d1c6f61823", "--with-authentication-settings",
                "--out", folder.Path,
            ]);
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File("ChatAuthPortal_managed.zip"));
        string[] rows = [.. zip.Entries.Where(entry => entry.Name == "powerpagecomponent.xml").Select(Read)];
        string[] kinds =
            [.. rows.Select(row => Between(row, "<powerpagecomponenttype>", "<")).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(new[] { "2", "2", "2", "2", "3", "35", "6", "7", "8", "9" }, kinds);
        Assert.AreEqual("ServerLogic/Enabled",
            Between(rows.Single(row => row.Contains("type>9<", StringComparison.Ordinal)), "<name>", "<"));
        CollectionAssert.AreEquivalent(
            new[]
            {
                await File.ReadAllTextAsync(RepositoryRoot.File("Solution/portal/chatauth.js")),
                await File.ReadAllTextAsync(RepositoryRoot.File("Solution/portal/server-logic/chatauth-token.js")),
            },
            zip.Entries.Where(entry => entry.FullName.Contains("/filecontent/", StringComparison.Ordinal)).Select(Read)
                .ToArray());
        StringAssert.Contains(Read(zip.Entries.Single(entry => entry.Name == "msdyn_authenticationsettings.xml")),
            "<msdyn_publickeyurl>https://contosohelp.com/auth/publickey</msdyn_publickeyurl>");
        Assert.IsTrue(
            rows.All(row => row.Contains($"<powerpagesiteid>{Site}</powerpagesiteid>", StringComparison.Ordinal)));
        StringAssert.Contains(Read(zip.GetEntry("solution.xml")!),
            "<UniqueName>ChatAuthPortal_20f5d32650b3492baa2fb29c913c932a</UniqueName>");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("f81f1fb6-ea27-423b-85a9-56d1c6f61823")]
    public async Task IsTheSameWithoutTheIdsButNamesNothingItDoesNotHoldAsync(string language)
    {
        string[] languages = language.Length == 0 ? [] : ["--language", language];
        using TemporaryFolder folder = new();
        CommandRun bound = await CommandRun.OfAsync([.. Usual, .. languages, "--out", folder.File("bound")]);
        CommandRun unbound = await CommandRun.OfAsync([.. Least, .. languages, "--out", folder.File("unbound")]);
        Assert.AreEqual("0 ", $"{unbound.ExitCode} {unbound.Codes}");
        Assert.AreEqual(string.Empty, bound.Error);
        Assert.HasCount(2, unbound.Error.Trim().Split('\n'));
        StringAssert.Contains(unbound.Error, "chatauth deploy");

        using ZipArchive full = await ZipFile.OpenReadAsync(folder.File("bound/ChatAuthPortal_managed.zip"));
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File("unbound/ChatAuthPortal_managed.zip"));
        CollectionAssert.AreEqual(full.Entries.Select(entry => entry.FullName).ToArray(),
            zip.Entries.Select(entry => entry.FullName).ToArray());
        string[] known = [
            Site, language,
            .. zip.Entries.Select(entry => entry.FullName.Split('/')).Where(path => path.Length > 1).Select(
                path => path[1]),
        ];
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.Name == "powerpagecomponent.xml"))
        {
            string row = Read(entry);
            Assert.IsEmpty(AnyId().Matches(row).Select(id => id.Value).Except(known), row);
            Assert.AreEqual(Reference().Replace(Read(full.GetEntry(entry.FullName)!), string.Empty), row);
        }
    }

    [TestMethod]
    public async Task HasOtherIdsForAnotherSiteAsync()
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync([.. Usual, "--out", folder.File("one")]);
        await CommandRun.OfAsync(
            [
                "pack", "--site-id", Guid.NewGuid().ToString(), "--portal-url", "https://x.example", .. Ids, "--out",
                folder.File("two"),
            ]);
        string[] Folders(string run)
        {
            using ZipArchive zip = ZipFile.OpenRead(folder.File(run + "/ChatAuthPortal.zip"));
            return [
                .. zip.Entries.Where(entry => entry.Name == "powerpagecomponent.xml").Select(entry => entry.FullName),
            ];
        }

        Assert.IsEmpty(Folders("one").Intersect(Folders("two")));
    }

    [TestMethod]
    [DataRow(DisplayName = "by itself")]
    [DataRow("--authentication-data", DisplayName = "asked for")]
    public async Task HasTheChatSettingsBesideItAsDataAsync(params string[] options)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.OfAsync([.. Usual, .. options, "--out", folder.Path]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File("ChatAuthPortal_managed.zip"));
        Assert.IsFalse(zip.Entries.Any(entry => entry.Name.StartsWith("msdyn_", StringComparison.Ordinal)));
        using ZipArchive data = await ZipFile.OpenReadAsync(folder.File("ChatAuthPortal_data.zip"));
        CollectionAssert.AreEqual(new[] { "[Content_Types].xml", "data.xml", "data_schema.xml" },
            data.Entries.Select(entry => entry.FullName).ToArray());
        StringAssert.Contains(Read(data.GetEntry("data.xml")!),
            "<field name=\"msdyn_publickeyurl\" value=\"https://contosohelp.com/auth/publickey\" />");
        Assert.MatchesRegex(
            "<entity name=\"msdyn_authenticationsettings\" displayname=\"[^\"]*\" etc=\"\\d+\" primaryidfield",
            Read(data.GetEntry("data_schema.xml")!));
        StringAssert.Contains(Read(data.GetEntry("data_schema.xml")!), "</fields>\n    <relationships />\n  </entity>");
        StringAssert.Contains(
            Read(data.GetEntry("data_schema.xml")!), "<field displayname=\"msdyn_authenticationtype\" "
                + "name=\"msdyn_authenticationtype\" type=\"optionsetvalue\" customfield=\"true\" />");
    }

    [TestMethod]
    public async Task HasTheChatSettingsInItInsteadIfAskedAsync()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.OfAsync([.. Usual, "--with-authentication-settings", "--out", folder.Path]);
        Assert.HasCount(4, run.Out.Trim().Split('\n'));
        Assert.IsFalse(File.Exists(folder.File("ChatAuthPortal_data.zip")));
        using ZipArchive zip = await ZipFile.OpenReadAsync(folder.File("ChatAuthPortal_managed.zip"));
        Assert.IsTrue(zip.Entries.Any(entry => entry.Name.StartsWith("msdyn_", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow(
        "1 CHATAUTH4165",
        "--site-id",
        Site,
        "--portal-url",
        "https://contosohelp.com",
        "--publishing-state",
        Site,
        "--web-role",
        Site)]
    [DataRow("1 CHATAUTH4165", "--site-id", Site, "--portal-url", "https://contosohelp.com", "--home-page", Site)]
    [DataRow(
        "2 ",
        "--site-id",
        Site,
        "--portal-url",
        "https://contosohelp.com",
        "--authentication-data",
        "--with-authentication-settings")]
    [DataRow("2 ", "--site-id", Site)]
    [DataRow("2 ", "--site-id", Site, "--portal-url", "contosohelp.com")]
    [DataRow("2 ", "--site-id", Site, "--portal-url", "http://127.0.0.1")]
    [DataRow("2 ", "--site-id", Site, "--portal-url", "https://contosohelp.com/en-US")]
    [DataRow("2 ", "--site-id", Site, "--portal-url", "https://contosohelp.com?a=b")]
    [DataRow("2 ", "--site-id", Site, "--portal-url", "https://contosohelp.com", "--sign-in-url", "//x")]
    public async Task IsNotMadeFromLessAsync(string expected, params string[] args)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.OfAsync(["pack", .. args, "--out", folder.Path]);
        Assert.AreEqual(expected, $"{run.ExitCode} {run.Codes}");
    }

    // What names the home page, its publishing state or the web role.
    [GeneratedRegex(
        ",?\"(parentpageid\":\"72039cc9-[^\"]*\"|publishingstateid\":\"[^\"]*\""
            + "|adx_serverlogic_adx_webrole\":\\[[^]]*\\],)")]
    private static partial Regex Reference();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex AnyId();

    // Without the indentation, which stands between the tags that a mutation names.
    private static string Normal(byte[] xml) =>
        string.Concat(Encoding.UTF8.GetString(xml).Split('\n').Select(line => line.Trim()));

    private static string Read(ZipArchiveEntry entry)
    {
        using StreamReader reader = new(entry.Open());
        return reader.ReadToEnd();
    }

    private static string Between(string text, string start, string end) => text.Split(start)[1].Split(end)[0];
}
