using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using ChatAuth.Plugins;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

[TestClass]
public partial class Every_code_is_in_the_error_table
{
    [TestMethod]
    public void Has_a_row_in_the_README_for_each_code_and_no_other()
    {
        string[] rows = [
            .. Row().Matches(File.ReadAllText(RepositoryRoot.File("README.md"))).Select(match => match.Groups[1].Value),
        ];
        CollectionAssert.AreEqual(Codes().Order(StringComparer.Ordinal).ToArray(), rows);
    }

    [TestMethod]
    public void Uses_no_code_twice() => Assert.HasCount(Codes().Count, Codes().Distinct());

    private static List<string> Codes() =>
    [
        .. Calls(typeof(Plugins.Errors)).Select(error => ((ChatAuthException)error).Message.Split(':')[0]),
        .. Calls(typeof(Errors)).Select(error => ((CodedError)error).Code),
        .. Calls(typeof(ChatAuth.LocalPortal.Errors)).Select(error => ((CodedError)error).Code),
    ];

    // Each error is made once, with arguments that do not matter.
    private static IEnumerable<object> Calls(Type table) => table
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(method => !method.IsPrivate)
        .Select(
            method => method.Invoke(
                null, [.. method.GetParameters().Select(parameter => Argument(parameter.ParameterType))])!);

    private static object Argument(Type type) =>
        type == typeof(string) ? "x" : type == typeof(Type) ? typeof(string) : Activator.CreateInstance(type)!;

    [GeneratedRegex(@"^\| `(CHATAUTH\d{4})` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
