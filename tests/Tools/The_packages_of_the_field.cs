using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>
/// <c>-p:DataverseSdk=nuget</c>, tried with stand-ins under the names of the packages. The genuine ones are used by the
/// workflow for Windows.
/// </summary>
[TestClass]
[CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
public sealed class The_packages_of_the_field
{
    private const string Plugins = "Plugins/ChatAuth.Plugins.csproj";
    private const string PluginTests = "tests/Plugins/ChatAuth.Plugins.Tests.csproj";
    private static readonly string Bundled = typeof(Plugins.IssueChatToken).Assembly.Location;

    [TestMethod]
    [DataRow(Plugins, "nuget", "ILRepack 2.0.46 private all without all",
        "Microsoft.CrmSdk.CoreAssemblies 9.0.2.56 private all without runtime")]
    [DataRow(PluginTests, "nuget", "FakeXrmEasy.9 1.58.1", "MSTest 4.5.2", "Microsoft.CrmSdk.CoreAssemblies 9.0.2.56")]
    [DataRow(Plugins, "bundled")]
    [DataRow(PluginTests, "bundled", "MSTest 4.5.2")]
    public async Task Are_restored_where_and_as_the_switch_says(string project, string sdk, params string[] expected)
    {
        JsonNode items = JsonNode.Parse(await PackageFeed.DotnetAsync(
            "msbuild", RepositoryRoot.File(project), "-nodeReuse:false", "-p:DataverseSdk=" + sdk,
            "-getItem:PackageReference,PackageVersion"))!["Items"]!;
        string[] plan =
        [
            .. from package in items["PackageReference"]!.AsArray()
               let id = Metadata(package, "Identity")
               where id == "MSTest" || PackageFeed.OfTheField.Contains(id)
               let version = Metadata(
                   items["PackageVersion"]!.AsArray().Single(one => Metadata(one!, "Identity") == id)!, "Version")
               select $"{id} {version}{Assets("private", package, "PrivateAssets")}"
                   + Assets("without", package, "ExcludeAssets"),
        ];
        CollectionAssert.AreEqual(expected, plan.Order(StringComparer.Ordinal).ToArray(), string.Join('\n', plan));
    }

    [TestMethod]
    public async Task Make_the_same_plug_in_byte_for_byte_and_their_tests_compile()
    {
        using PackageFeed feed = Feed();
        await feed.BuildAsync(PluginTests);
        string folder = feed.PathOf("artifacts/bin/ChatAuth.Plugins/debug");
        Assert.AreEqual(Sha256(Bundled), Sha256(Path.Combine(folder, "ChatAuth.Plugins.dll")));
        string[] output = [.. Directory.GetFiles(folder, "*.dll").Select(path => Path.GetFileName(path))];
        CollectionAssert.AreEqual(new[] { "ChatAuth.Plugins.dll" }, output);
        Assert.IsEmpty(feed.Merged, "Nothing was to be merged.");
        Assert.IsTrue(File.Exists(feed.PathOf("artifacts/bin/ChatAuth.Plugins.Tests/debug_net462/FakeXrmEasy.dll")));
    }

    [TestMethod]
    public async Task Merge_a_private_assembly_into_the_signed_plug_in()
    {
        using PackageFeed feed = Feed();
        string first = feed.PathOf("Contoso first.dll");
        string second = feed.PathOf("Contoso.Second.dll");
        await File.WriteAllBytesAsync(first, PackageFeed.Compiled("Contoso first", "public class First { }"));
        await File.WriteAllBytesAsync(second, PackageFeed.Compiled("Contoso.Second", "public class Second { }"));
        await File.WriteAllTextAsync(feed.PathOf("private.targets"), $"""
            <Project>
              <ItemGroup><Reference Include="{first};{second}" /></ItemGroup>
            </Project>
            """);
        await feed.BuildAsync(
            Plugins, "-p:CustomAfterMicrosoftCommonTargets=" + feed.PathOf("private.targets"), "-p:ILRepackHost=bash");
        string plugIn = feed.PathOf("artifacts/bin/ChatAuth.Plugins/debug/ChatAuth.Plugins.dll");
        CollectionAssert.AreEqual(
            new[]
            {
                "/keyfile:" + RepositoryRoot.File("Plugins/ChatAuth.snk"),
                "/internalize",
                "/noRepackRes",
                "/lib:" + feed.PathOf("packages/microsoft.crmsdk.coreassemblies/9.0.2.56/lib/net462/."),
                "/out:" + plugIn,
                feed.PathOf("artifacts/obj/ChatAuth.Plugins/debug/ChatAuth.Plugins.dll"),
                first,
                second,
            },
            feed.Merged,
            string.Join('\n', feed.Merged));
        Assert.AreEqual("merged\n", await File.ReadAllTextAsync(plugIn));
    }

    private static PackageFeed Feed()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("On Windows the workflow of the field builds with the genuine packages.");
        }

        return new PackageFeed();
    }

    private static string Metadata(JsonNode? item, string name) => item![name]?.GetValue<string>() ?? string.Empty;

    private static string Assets(string word, JsonNode? item, string name) =>
        Metadata(item, name) is { Length: > 0 } assets ? $" {word} {assets}" : string.Empty;

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
