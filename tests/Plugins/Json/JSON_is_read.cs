using System;
using System.Linq;
using System.Text;
using ChatAuth.Plugins.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Json;

[TestClass]
public class JSON_is_read
{
    [TestMethod]
    [DataRow("0")]
    [DataRow("-0")]
    [DataRow("10")]
    [DataRow("1.5")]
    [DataRow("-1.5E+10")]
    [DataRow("1e-2")]
    public void A_number_keeps_its_literal(string literal) =>
        Assert.AreEqual(literal, JsonReader.Parse(" \t\r\n" + literal + " ").Text);

    [TestMethod]
    public void Members_and_items_keep_their_order()
    {
        var value = JsonReader.Parse("""{"b":[1,true,null,"x"],"a":{"":{}}}""");
        Assert.AreEqual("b,a", string.Join(",", value.Members.Select(member => member.Key)));
        Assert.AreEqual("Number,Boolean,Null,String", string.Join(",", value["b"]!.Items.Select(item => item.Kind)));
        Assert.AreEqual(JsonKind.Object, value["a"]![""]!.Kind);
        Assert.IsNull(value["c"]);
    }

    [TestMethod]
    public void Escapes_and_pairs_become_their_characters() =>
        Assert.AreEqual("\"\\/\b\f\n\r\té\ud83d\ude00\ud83d\ude00",
            JsonReader.Parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE00\ud83d\ude00\"").Text);

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("\ufeff{}")]
    [DataRow("{} {}")]
    [DataRow("{}x")]
    [DataRow("nul")]
    [DataRow("True")]
    [DataRow("NaN")]
    [DataRow("-")]
    [DataRow("+1")]
    [DataRow("01")]
    [DataRow("1.")]
    [DataRow(".5")]
    [DataRow("1e")]
    [DataRow("1e+")]
    [DataRow("1e+-5")]
    [DataRow("--1")]
    [DataRow("0x1")]
    [DataRow("1\0")]
    [DataRow("'a'")]
    [DataRow("\"a")]
    [DataRow("\"a\\")]
    [DataRow("\"\\x\"")]
    [DataRow("\"\\u12\"")]
    [DataRow("\"\\u12g4\"")]
    [DataRow("\"\\u +12\"")]
    [DataRow("\"\\u00e\0\"")]
    [DataRow("\"a\nb\"")]
    [DataRow("\"\u0001\"")]
    [DataRow("\"\\ud83d\"")]
    [DataRow("\"\\ude00\"")]
    [DataRow("\"\\ude00\\ud83d\"")]
    [DataRow("\"\\ud83d\\ud83d\\ude00\"")]
    [DataRow("[")]
    [DataRow("[1")]
    [DataRow("[1,]")]
    [DataRow("[,1]")]
    [DataRow("[1 2]")]
    [DataRow("[1}")]
    [DataRow("{")]
    [DataRow("{1:2}")]
    [DataRow("{a:2}")]
    [DataRow("{\"a\"}")]
    [DataRow("{\"a\":}")]
    [DataRow("{\"a\" 1}")]
    [DataRow("{\"a\":1,}")]
    [DataRow("{\"a\":1,\"a\":2}")]
    [DataRow("{\"a\":1,\"\\u0061\":2}")]
    [DataRow("/**/1")]
    [DataRow("1 //")]
    public void What_RFC_8259_does_not_have_is_refused(string text) =>
        Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse(text));

    [TestMethod]
    public void Sixteen_levels_are_the_deepest()
    {
        JsonReader.Parse(new string('[', 16) + new string(']', 16));
        Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse(new string('[', 17) + new string(']', 17)));
        Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse(new string('[', 1_000_000)));
        Assert.ThrowsExactly<JsonSyntaxException>(
            () => JsonReader.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 17)) + "1" + new string('}', 17)));
    }

    [TestMethod]
    public void Two_thousand_and_forty_eight_values_are_the_most()
    {
        Assert.HasCount(2047, JsonReader.Parse("[" + string.Concat(Enumerable.Repeat("1,", 2046)) + "1]").Items);
        var exception = Assert.ThrowsExactly<JsonSyntaxException>(
            () => JsonReader.Parse("[" + string.Concat(Enumerable.Repeat("1,", 2047)) + "1]"));
        Assert.AreEqual("character 4096: more values than any document here has", exception.Message);
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("true")]
    [DataRow("false")]
    [DataRow("[5]")]
    [DataRow("{\"a\":5}")]
    [DataRow("\"a\"")]
    public void A_value_has_nothing_of_another_kind(string text)
    {
        var value = JsonReader.Parse(text);
        Assert.AreEqual(value.Kind == JsonKind.String ? "a" : string.Empty, value.Text);
        Assert.HasCount(value.Kind == JsonKind.Array ? 1 : 0, value.Items);
        Assert.HasCount(value.Kind == JsonKind.Object ? 1 : 0, value.Members);
        Assert.AreEqual(value.Kind == JsonKind.Object ? "5" : null, value["a"]?.Text);
    }

    [TestMethod]
    [DataRow("1 2", "character 3: text behind the end of the document")]
    [DataRow("", "character 1: a value expected")]
    [DataRow("[tru]", "character 2: a value expected")]
    [DataRow("{1:2}", "character 2: a member name in quotes expected")]
    [DataRow("{\"a\" 1}", "character 6: ':' expected")]
    [DataRow("[1 2]", "character 4: ']' expected")]
    [DataRow("{\"a\":1,\"a\":2}", "character 8: a member name that stood before")]
    [DataRow("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "character 17: nested too deeply")]
    [DataRow("1.", "character 3: a digit expected")]
    [DataRow("1e+", "character 4: a digit expected")]
    [DataRow("\"a", "character 3: a string without an end")]
    [DataRow("\"\u0001\"", "character 3: a control character that is not escaped")]
    [DataRow("\"\\x\"", "character 4: an escape that JSON does not have")]
    [DataRow("\"\\u12g4\"", "character 4: four hexadecimal digits expected")]
    [DataRow("\"a\\ud83d\"", "character 1: a string with half of a surrogate pair")]
    public void A_refusal_says_where_and_why(string text, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse(text)).Message);

    [TestMethod]
    [DataRow("d83d", "\\ude00")]
    [DataRow("\\ud83d", "de00")]
    [DataRow("d83d", "x")]
    [DataRow("de00", "")]
    [DataRow("d83d", "")]
    [DataRow("d83d", "\\n")]
    [DataRow("d83d", "d83d")]
    public void Half_of_a_pair_finds_no_other_half_in_an_escape(string first, string second)
    {
        foreach (var text in new[] { Units(first) + Units(second), "a" + Units(first) + Units(second) + "b" })
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse("[\"" + text + "\"]")).Message,
                "half of a surrogate pair");
            Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse("{\"" + text + "\":1}"));
        }

        Assert.AreEqual("\ud83d\ude00", JsonReader.Parse("\"\\ud83d\\ude00\"").Text);
        Assert.AreEqual("\ud83d\ude00", JsonReader.Parse("\"\ud83d\ude00\"").Text);

        // An attribute could not hold the half itself: it is UTF-8 there.
        static string Units(string name) =>
            name.Length == 4 ? ((char)Convert.ToInt32(name, 16)).ToString() : name;
    }

    [TestMethod]
    public void A_message_names_the_place_and_the_rule_but_no_text()
    {
        var exception = Assert.ThrowsExactly<JsonSyntaxException>(() => JsonReader.Parse("""{"secret":secret}"""));
        Assert.AreEqual("character 11: a value expected", exception.Message);
        Assert.AreEqual("String", JsonReader.Parse("\"secret\"").ToString());
    }
}

[TestClass]
public class JSON_is_written
{
    [TestMethod]
    public void Values_are_separated_and_nested()
    {
        var inner = new JsonWriter(1).BeginObject().Name("q").String("\"\\\n").EndObject();
        var document = new JsonWriter(1).BeginObject()
            .Name("a").BeginArray().Number(1).Number(-2).BeginObject().EndObject().EndArray()
            .Name("b").Literal("true")
            .Name("c").String(inner)
            .EndObject().ToString();
        Assert.AreEqual("""{"a":[1,-2,{}],"b":true,"c":"{\"q\":\"\\\"\\\\\\n\"}"}""", document);
        Assert.AreEqual("\"\\\n", JsonReader.Parse(JsonReader.Parse(document)["c"]!.Text)["q"]!.Text);
    }

    [TestMethod]
    public void Items_of_each_kind_are_separated()
    {
        var inner = new JsonWriter(1).BeginObject().EndObject();
        Assert.AreEqual("[1,2,\"{}\",\"{}\",3]",
            new JsonWriter(1).BeginArray().Number(1).Number(2).String(inner).String(inner).Number(3).EndArray()
                .ToString());
        Assert.HasCount(2, JsonReader.Parse("[ 1 , 2 ]").Items);
    }

    [TestMethod]
    public void Control_characters_have_their_short_escape_or_four_digits() => Assert.AreEqual(
        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
        + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017"
        + "\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f !\\\"#\\\\/\u007f\"",
        new JsonWriter(1).String(string.Concat(Enumerable.Range(0, 0x24).Select(unit => (char)unit)) + "\\/\u007f")
            .ToString());

    [TestMethod]
    [DataRow(0L, "0")]
    [DataRow(9L, "9")]
    [DataRow(10L, "10")]
    [DataRow(99L, "99")]
    [DataRow(100L, "100")]
    [DataRow(long.MaxValue, "9223372036854775807")]
    [DataRow(-1L, "-1")]
    [DataRow(long.MinValue, "-9223372036854775808")]
    public void A_whole_number_is_its_digits(long value, string text) =>
        Assert.AreEqual(text, new JsonWriter(1).Number(value).ToString());

    [TestMethod]
    [DataRow("d83d")]
    [DataRow("de00")]
    [DataRow("61 d83d 62")]
    [DataRow("de00 d83d")]
    [DataRow("d83d d83d de00")]
    public void Half_a_pair_is_replaced_as_UTF8_does(string units)
    {
        // An attribute could not hold the text itself: it is UTF-8 there.
        var text = string.Concat(units.Split(' ').Select(unit => (char)Convert.ToInt32(unit, 16)));
        Assert.AreEqual("\"" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) + "\"",
            new JsonWriter(1).String(text).ToString());
    }

    [TestMethod]
    public void The_room_it_starts_with_makes_no_difference()
    {
        var name = new JsonName("längerer name");
        var expected = Document(1000);
        for (var capacity = 0; capacity < 200; capacity++)
        {
            Assert.AreEqual(expected, Document(capacity));
        }

        string Document(int capacity)
        {
            var inner = new JsonWriter(capacity).BeginObject().Name("q").String("\"\"\"\"\"\"\\\\\\").EndObject();
            return new JsonWriter(capacity).BeginArray().String("plain text").Literal("12345").Number(1234567890)
                .Number(-5)
                .BeginObject().Name(name).String("\u0001ü€\ud83d\ude00").Name("b").String(inner).EndObject()
                .EndArray().ToString();
        }
    }

    [TestMethod]
    public void Every_character_comes_back()
    {
        var text = string.Concat(
            Enumerable.Range(0, 0x11000).Concat([0x10FFFF]).Where(rune => rune is < 0xD800 or > 0xDFFF).Select(
                char.ConvertFromUtf32));
        Assert.AreEqual(text, JsonReader.Parse(new JsonWriter(16).String(text).ToString()).Text);

        // Each as the first one that is not copied as it is.
        foreach (var unit in Enumerable.Range(0, 0x900))
        {
            text = "plain" + (char)unit;
            Assert.AreEqual(text, JsonReader.Parse(new JsonWriter(16).String(text).ToString()).Text);
        }
    }
}
