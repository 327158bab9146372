using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary><c>chatauth token inspect</c>.</summary>
[TestClass]
public sealed class A_token_is_inspected
{
    [TestMethod]
    public async Task IsToldInWordsAsync()
    {
        CommandRun run = await InspectAsync(SampleToken.Of());

        Assert.AreEqual(0, run.ExitCode, run.Error);
        const string contact = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
        string expected = $"""
            contosohelp.com says that the visitor is contact {contact}, until 2027-01-15 08:14:00 UTC (in 14 minutes).
            The signature was NOT verified. To verify it: chatauth token verify - --key FILE|URL

            Header
              alg  "RS256"
              typ  "JWT"
              kid  "{SampleToken.KeyId}"

            Claims
              iss          "contosohelp.com"
              sub          "87b4d06c-abc2-e811-a9b0-000d3a10e09e"
              iat          1799999940  2027-01-15 07:59:00 UTC (60 seconds ago)
              nbf          1799999940  2027-01-15 07:59:00 UTC (60 seconds ago)
              exp          1800000840  2027-01-15 08:14:00 UTC (in 14 minutes)
              given_name   "Bert"
              lwicontexts  "{@"{\""msdyn_isvip\"":\""false\"",\""cart\"":12}"}"

            Context variables
              msdyn_isvip  "false"
              cart         12

            """.ReplaceLineEndings("\n");
        Assert.AreEqual(expected, run.Out);
    }

    [TestMethod]
    public async Task IsReadFromStdinAsync() =>
        Assert.AreEqual((await InspectAsync(SampleToken.Of())).Out,
            (await CommandRun.OfAsync(["token", "inspect", "-"], input: " " + SampleToken.Of() + "\r\n")).Out);

    [TestMethod]
    public void No_more_is_read_from_stdin_than_a_token_can_have()
    {
        using EndlessReader endless = new();
        CommandHost host = new(System.IO.TextWriter.Null, System.IO.TextWriter.Null, endless,
            new FixedClock(DateTimeOffset.UnixEpoch));
        Assert.AreEqual(
            1, Program.RunAsync(["token", "inspect", "-"], host, System.Threading.CancellationToken.None)
                .WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult());
    }

    [TestMethod]
    public async Task Is_read_from_a_file_in_any_Unicode_with_its_mark()
    {
        using TemporaryFolder folder = new();
        string expected = (await InspectAsync(SampleToken.Of())).Out;
        foreach (System.Text.Encoding encoding in (System.Text.Encoding[])[
            System.Text.Encoding.UTF8, System.Text.Encoding.Unicode, System.Text.Encoding.BigEndianUnicode])
        {
            await System.IO.File.WriteAllTextAsync(folder.File("token"), SampleToken.Of() + "\r\n", encoding);
            Assert.AreEqual(expected, (await InspectAsync(folder.File("token"))).Out);
        }

        Assert.AreEqual(
            expected, (await CommandRun.OfAsync(["token", "inspect", "-"], input: "\uFEFF" + SampleToken.Of())).Out);
    }

    [TestMethod]
    public async Task Warns_of_a_payload_that_the_widget_cannot_read() => await WarnsAsync(
        SampleToken.Of(payload: "\uFEFF" + SampleToken.Claims), "the payload begins with a byte order mark");

    [TestMethod]
    [DataRow("\"alg\":\"RS256\"", "\"alg\":\"none\"", "alg is not RS256")]
    [DataRow("\"kid\"", "\"xid\"", "kid is missing")]
    [DataRow("{\"alg\"", "\uFEFF{\"alg\"", "the header begins with a byte order mark")]
    [DataRow("{\"alg\"", "{\"crit\":[\"b64\"],\"b64\":true,\"alg\"", "crit is in the header")]
    [DataRow("\"typ\":\"JWT\"", "\"typ\":\"at+jwt\"", "typ is not JWT")]
    [DataRow("\"typ\":\"JWT\"", "\"typ\":\"dpop+jwt\"", "typ is not JWT")]
    [DataRow("\"typ\":\"JWT\"", "\"typ\":null", "typ is not JWT")]
    [DataRow("\"typ\"", "\"b64\":false,\"typ\"", "b64 is in the header")]
    [DataRow("\"typ\"", "\"zip\":\"DEF\",\"typ\"", "zip is in the header")]
    [DataRow("\"typ\"", "\"jku\":\"https://evil/\",\"typ\"", "jku in the header brings a key")]
    [DataRow("\"typ\"", "\"jwk\":{\"kty\":\"RSA\"},\"typ\"", "jwk in the header brings a key")]
    [DataRow("\"typ\"", "\"x5u\":\"https://evil/\",\"typ\"", "x5u in the header brings a key")]
    [DataRow("\"typ\"", "\"x5c\":[\"AAAA\"],\"typ\"", "x5c in the header brings a key")]
    [DataRow("\"typ\":\"JWT\",\"kid\"", "\"typ\":\"JWT\",\"kid\":\"\",\"was\"", "kid is missing")]
    [DataRow("\"typ\":\"JWT\",\"kid\"", "\"typ\":\"JWT\",\"kid\":7,\"was\"", "kid is missing")]
    public async Task WarnsOfAHeaderThatServicesRefuseAsync(string old, string replacement, string warning) =>
        await WarnsAsync(
            SampleToken.Of(SampleToken.Header.Replace(old, replacement, StringComparison.Ordinal)), warning);

    [TestMethod]
    [DataRow("\"iss\"", "\"isz\"", "iss is missing")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09e", "bert", "sub is not the GUID")]
    [DataRow("\"iat\":1799999940", "\"iat\":\"1799999940\"", "iat is missing or not a whole number")]
    [DataRow("\"iss\":\"contosohelp.com\"", "\"iss\":\"contosohelp.com\\n\"", "iss holds U+000A, an outer blank")]
    [DataRow("\"iss\":\"contosohelp.com\"", "\"iss\":\" contosohelp.com\"", "iss holds U+0020, an outer blank")]
    [DataRow("\"87b4d06c", "\"{87b4d06c", "sub is not the GUID")]
    [DataRow(
        "\"87b4d06c-abc2-e811-a9b0-000d3a10e09e\"",
        "\"{87b4d06c-abc2-e811-a9b0-000d3a10e09e}\"",
        "sub is a GUID in braces")]
    [DataRow(
        "87b4d06c-abc2-e811-a9b0-000d3a10e09e", "87b4d06cabc2e811a9b0000d3a10e09e", "sub is a GUID in braces, without")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09e", "00000000-0000-0000-0000-000000000000", "GUID of zeros")]
    [DataRow("\"iat\":1799999940", "\"iat\":1799999940000", "iat has 13 digits")]
    [DataRow("\"iat\":1799999940", "\"iat\":1800000100", "iat is still to come")]
    [DataRow("\"iat\":1799999940", "\"iat\":1800000840", "exp is not after iat")]
    [DataRow("\"iat\":1799999940", "\"iat\":1800000900", "exp is not after iat")]
    [DataRow(
        "\"iat\":1799999940,\"nbf\":1799999940,\"exp\":1800000840", "\"iat\":1799999998,\"exp\":1800000005",
        "the token lives 7 seconds")]
    [DataRow(
        "\"iat\":1799999940,\"nbf\":1799999940,\"exp\":1800000840", "\"iat\":1800000000,\"exp\":1800000059",
        "the token lives 59 seconds")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":1800000840", "nbf is not before exp")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":1800000001", "nbf is still to come")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":\"now\"", "nbf is not a whole number")]
    [DataRow("\"exp\":1800000840", "\"exp\":\"1800000840\"", "exp is missing or not a whole number")]
    [DataRow("\"exp\":1800000840,", "", "exp is missing or not a whole number")]
    [DataRow("\"exp\":1800000840", "\"exp\":0", "exp is 0")]
    [DataRow("\"exp\":1800000840", "\"exp\":1800000840000", "exp has 13 digits")]
    [DataRow("\"exp\":1800000840", "\"exp\":1800000000", "exp has passed")]
    [DataRow("\"exp\":1800000840", "\"exp\":-1", "exp is missing or not a whole number")]
    [DataRow("\"exp\":1800000840", "\"exp\":1800000840.0", "exp is missing or not a whole number")]
    [DataRow("\"exp\":1800000840", "\"exp\":1e300", "exp is missing or not a whole number")]
    [DataRow("\"exp\":1800000840", "\"exp\":253402300800", "exp is beyond the year 9999")]
    [DataRow("\"exp\":1800000840", "\"exp\":999999999999", "exp is beyond the year 9999")]
    [DataRow("\"exp\":1800000840", "\"exp\":18000008400", "exp is more than a day away")]
    [DataRow("\"sub\":\"87b4", "\"sub\":\" 87b4", "without hyphens or with blanks")]
    [DataRow("a10e09e\"", "a10e09e\\n\"", "without hyphens or with blanks")]
    [DataRow("contosohelp", "contoso\\u200bhelp", "iss has an outer blank or a line end, or what nobody sees")]
    [DataRow("{\"iss\"", "{\"aud\":[],\"iss\"", "aud is neither a string nor an array of strings")]
    [DataRow("{\"iss\"", "{\"aud\":[[\"a\"]],\"iss\"", "aud is neither a string nor an array of strings")]
    [DataRow("{\"iss\"", "{\"aud\":{\"a\":1},\"iss\"", "aud is neither a string nor an array of strings")]
    [DataRow("\"lwicontexts\":\"{", "\"lwicontexts\":\"{,", "lwicontexts is not a string that holds a JSON object")]
    [DataRow(
        "\"lwicontexts\":\"", "\"lwicontexts\":{},\"x\":\"", "lwicontexts is not a string that holds a JSON object")]
    [DataRow("12}", "[12]}", "context variable cart is not a string, number or boolean")]
    [DataRow("12}", "null}", "context variable cart is not a string, number or boolean")]
    [DataRow("cart", "Email", "context variable Email links records")]
    public async Task WarnsOfClaimsThatServicesRefuseAsync(string old, string replacement, string warning) =>
        await WarnsAsync(
            SampleToken.Of(payload: SampleToken.Claims.Replace(old, replacement, StringComparison.Ordinal)), warning);

    [TestMethod]
    public async Task WarnsOfTooManyVariablesAsync()
    {
        string many = string.Concat(Enumerable.Range(0, 99).Select(number => $"\\\"v{number}\\\":1,"));

        await WarnsAsync(Replaced("{\\\"msdyn_isvip", "{" + many + "\\\"msdyn_isvip"), "101 variables");
    }

    [TestMethod]
    public async Task WarnsOfLongVariablesAsync()
    {
        await WarnsAsync(Replaced("cart", new string('n', 101)), " is too long");
        await WarnsAsync(Replaced("false", new string('v', 4001)), "msdyn_isvip is too long");
    }

    [TestMethod]
    public async Task WarnsOfItsLengthAsync() =>
        await WarnsAsync(Replaced("Bert", new string('B', 8000)), "it may not fit into the header");

    [TestMethod]
    public async Task CannotSteerTheScreenAsync()
    {
        CommandRun run =
            await InspectAsync(Replaced("Bert", "\\u001b]0;x\\u0007\\u009b31m\\u202e\\u200bB\\nForged line"));

        StringAssert.Contains(run.Out, @"""\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{200b}B\u{a}Forged line""");
        Assert.IsFalse(run.Out.Any(character => char.IsControl(character) && character != '\n'));
    }

    [TestMethod]
    [DataRow("Bert", "Jürgen 山田 🎉")]
    public async Task ShowsTheLettersOfEveryLanguageAsync(string old, string name) =>
        StringAssert.Contains((await InspectAsync(Replaced(old, name))).Out, name);

    [TestMethod]
    [DataRow("")]
    [DataRow("a.b")]
    [DataRow("a.b.c.d")]
    [DataRow("e30.e30")]
    [DataRow("e30.W10.AA")]
    [DataRow("e30=.e30.AA")]
    [DataRow("e30.e30.A+")]
    [DataRow("e3 0.e30.AA")]
    [DataRow("e31.e30.AA")]
    [DataRow("_w.e30.AA")]
    [DataRow("eyJhIjoxLCJhIjoyfQ.e30.AA", DisplayName = "a member twice")]
    public async Task IsThreePartsOfBase64urlAndJsonAsync(string token)
    {
        CommandRun run = await InspectAsync(token);

        Assert.AreEqual("1 CHATAUTH4301", $"{run.ExitCode} {run.Codes}");
        Assert.AreEqual("", run.Out);
    }

    [TestMethod]
    [DataRow("\"{0}\"")]
    [DataRow("'{0}'\r\n")]
    [DataRow("`{0}`")]
    [DataRow("Bearer {0}")]
    [DataRow("authorization: bearer {0}")]
    [DataRow("\uFEFF\u200B{0}\u200B")]
    [DataRow("```\n{0}\n```\n")]
    public async Task Is_read_out_of_what_is_around_it(string around)
    {
        CommandRun run = await CommandRun.OfAsync(
            ["token", "inspect", "-"], input: around.Replace("{0}", SampleToken.Of(), StringComparison.Ordinal));
        Assert.AreEqual((await InspectAsync(SampleToken.Of())).Out, run.Out, run.Error);
    }

    [TestMethod]
    [DataRow("", "it is empty")]
    [DataRow("\"\"", "it is empty")]
    [DataRow("e30.e30.\r\nAAAA", "there is a blank or a line end in it")]
    [DataRow("e30.e30.AAAA\ne30.e30.AAAA", "there is a blank or a line end in it")]
    [DataRow("e30.a.b.c.d", "it has five parts as an encrypted token (JWE) has")]
    [DataRow("e30..AAAA", "its payload is left out")]
    [DataRow("{\"token\":\"e30.e30.AAAA\"}", "it is JSON")]
    [DataRow("e30.e30.AAAA.", "it has 4 of three parts")]
    [DataRow("e30.e30.AAA+", "its signature is not base64url")]
    [DataRow("e30.bnVsbA.AAAA", "its payload is no JSON object")]
    public async Task Is_told_why_it_is_none(string text, string fact)
    {
        CommandRun run = await CommandRun.OfAsync(["token", "inspect", "-"], input: text);
        Assert.AreEqual("1 CHATAUTH4301", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, fact);
    }

    [TestMethod]
    [DataRow("nothere.txt")]
    [DataRow("out.token")]
    [DataRow("my.chat.token")]
    [DataRow("token.2026-11-27.txt")]
    [DataRow("Copy of token (2).json")]
    [DataRow("token.b64")]
    public async Task Whose_file_is_not_there_is_told_so(string name)
    {
        CommandRun run = await InspectAsync(name);
        Assert.AreEqual("1 CHATAUTH4001", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, " is not there.");
    }

    [TestMethod]
    public async Task Whose_file_is_no_text_is_told_so()
    {
        using TemporaryFolder folder = new();
        await System.IO.File.WriteAllBytesAsync(folder.File("token"), [0xE9, 0x2E, 0x41]);
        StringAssert.Contains((await InspectAsync(folder.File("token"))).Error, "its file is neither UTF-8 nor UTF-16");
    }

    [TestMethod]
    public async Task IsNotEndlessAsync() =>
        Assert.AreEqual(
            "CHATAUTH4301", (
                await CommandRun.OfAsync(
                    ["token", "inspect", "-"], input: Replaced("Bert", new string('B', 70_000)))).Codes);

    private static string Replaced(string old, string replacement) =>
        SampleToken.Of(payload: SampleToken.Claims.Replace(old, replacement, StringComparison.Ordinal));

    private static async Task WarnsAsync(string token, string warning)
    {
        CommandRun run = await InspectAsync(token);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        string[] warnings = [.. run.Out.Split('\n').Where(line => line.StartsWith("  !  ", StringComparison.Ordinal))];
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], warning);
    }

    private static Task<CommandRun> InspectAsync(string token) => CommandRun.OfAsync(["token", "inspect", token]);

    private sealed class EndlessReader : System.IO.TextReader
    {
        private int left = 100_000_000;

        public override int Read(char[] buffer, int index, int count)
        {
            left -= count;
            Array.Fill(buffer, 'e', index, count);
            return left > 0 ? count : throw new InvalidOperationException("It is read on and on.");
        }
    }
}
