using System.Globalization;
using ChatAuth.Plugins;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>A code, a fact and a remedy, and the one line they make.</summary>
[TestClass]
public sealed class An_error_has_a_code
{
    [TestMethod]
    public void Writes_numbers_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NegativeSign = "~";
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = foreign;
            Assert.AreEqual("X: -1 and 2.5. -3.", CodedError.Of("X", $"{-1} and {2.5:F1}.", $"{-3}.").ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Stands_in_a_sentence_of_another_without_its_full_stop()
    {
        CodedError error = new("X", "It is so.", "Mend it.");

        Assert.AreEqual("It is so. Mend it", error.Clause);
        Assert.AreEqual("It is so", (error with { Remedy = string.Empty }).Clause);
    }

    [TestMethod]
    public void Says_what_the_plugins_exception_says()
    {
        ChatAuthException refusal = Plugins.Errors.SettingMissing("issuer");

        Assert.AreEqual(refusal.Message, CodedError.Of(refusal).ToString());
        Assert.AreEqual("CHATAUTH2004", CodedError.Of(refusal).Code);
    }
}
