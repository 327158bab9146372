using System;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>The arrows between the parts of the plug-in assembly run one way.</summary>
[TestClass]
public class TheHouse
{
    [TestMethod]
    [DataRow("Json", "Microsoft.Xrm", "ChatAuth.Plugins.Claims", "ChatAuth.Plugins.Jose", "ChatAuth.Plugins.Platform")]
    [DataRow("Jose", "Microsoft.Xrm", "ChatAuth.Plugins.Claims", "ChatAuth.Plugins.Platform")]
    [DataRow("Claims", "Microsoft.Xrm", "ChatAuth.Plugins.Jose", "ChatAuth.Plugins.Platform")]
    [DataRow("Platform", "ChatAuth.Plugins.Claims", "ChatAuth.Plugins.Jose")]
    public void A_part_does_not_know_what_lies_above_or_beside_it(string part, params string[] unknown)
    {
        string[] files = Directory.GetFiles(RepositoryRoot.File("Plugins/" + part), "*.cs");
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            string code = File.ReadAllText(file);
            Assert.IsNull(unknown.FirstOrDefault(name => code.Contains(name, StringComparison.Ordinal)), file);
        }
    }

    [TestMethod]
    public void The_two_plug_in_types_are_all_that_is_public() => CollectionAssert.AreEquivalent(
        new[] { typeof(Plugins.IssueChatToken), typeof(Plugins.GetPublicKeys) },
        typeof(Plugins.IssueChatToken).Assembly.GetExportedTypes());
}
