using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary>A key file and its public formats, held against programs that are not ours.</summary>
[TestClass]
public sealed class A_key_is_in_other_hands
{
    [TestMethod]
    [DataRow("pem")]
    [DataRow("line")]
    [DataRow("keyset")]
    [DataRow("jwks")]
    public async Task VerifiesWhatIdentityModelSignedWithItAsync(string format)
    {
        using TemporaryFolder folder = new();
        string token = await SignedByIdentityModelAsync(folder);
        await File.WriteAllTextAsync(folder.File("public"),
            (await CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--format", format])).Out);

        CommandRun run = await CommandRun.OfAsync(["token", "verify", token, "--key", folder.File("public")]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    public async Task IsReadByIdentityModelAsJwksAsync()
    {
        using TemporaryFolder folder = new();
        string token = await SignedByIdentityModelAsync(folder);
        JsonWebKeySet keys =
            new((await CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--format", "jwks"])).Out);

        TokenValidationResult result =
            await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
            {
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidAlgorithms = ["RS256"],
                ValidIssuer = "contosohelp.com",
                ValidAudience = "chat",
                LifetimeValidator = (notBefore, _, _, _) =>
                    notBefore == DateTimeOffset.FromUnixTimeSeconds(SampleToken.Now - 60).UtcDateTime,
            });

        Assert.IsTrue(result.IsValid, result.Exception?.Message);
        Assert.AreEqual(keys.Keys.Single().Kid, ((JsonWebToken)result.SecurityToken).Kid);
    }

    [TestMethod]
    public async Task VerifiesBeforeOpensslAsync()
    {
        using TemporaryFolder folder = new();
        string token = await SignedByIdentityModelAsync(folder);
        await File.WriteAllTextAsync(folder.File("public.pem"),
            (await CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--format", "pem"])).Out);
        await File.WriteAllTextAsync(folder.File("input"), token[..token.LastIndexOf('.')], new ASCIIEncoding());
        await File.WriteAllBytesAsync(
            folder.File("signature"), Base64UrlEncoder.DecodeBytes(token[(token.LastIndexOf('.') + 1)..]));

        string output = OpenSsl.Run(
            "dgst", "-sha256", "-verify", folder.File("public.pem"), "-signature", folder.File("signature"),
            folder.File("input"));

        StringAssert.Contains(output, "Verified OK");
    }

    private static async Task<string> SignedByIdentityModelAsync(TemporaryFolder folder)
    {
        await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);
        JsonWebKey key = new JsonWebKeySet(await File.ReadAllTextAsync(folder.File("key.json"))).Keys.Single();
        return new JsonWebTokenHandler().CreateToken(
            SampleToken.Claims.Replace("{\"iss\"", "{\"aud\":\"chat\",\"iss\"", StringComparison.Ordinal),
            new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
    }
}
