using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>A private key in PEM, as <c>chatauth key import</c> reads it, against .NET's own import.</summary>
internal sealed class PemParser : Parser
{
    // .NET's import obeys a file's number of rounds without a limit; the command does not.
    private const string TooManyRounds = "CHATAUTH4211";

    /// <inheritdoc/>
    public override string Name => "pem";

    /// <inheritdoc/>
    public override int Share => 40;

    /// <summary>
    /// Opening an encrypted key takes the rounds that its file asks for: some 10 microseconds each in .NET's PBES1, and
    /// 65,535 in a mutant.
    /// </summary>
    public override double MaximumMilliseconds(string input) =>
        input.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal) ? 5000 : base.MaximumMilliseconds(input);

    /// <inheritdoc/>
    public override string Make(Dice dice) => dice.Below(8) switch
    {
        0 or 1 => TextMutation.Of(dice, dice.Pick(Corpus.Pem), Corpus.Pem),
        2 or 3 or 4 => PemMutation.OfNumbers(dice),
        5 when dice.OneIn(4) => PemMutation.WithRounds(dice),
        _ => PemMutation.OfDer(dice, dice.Pick(Corpus.Pem)),
    };

    /// <inheritdoc/>
    public override object Read(object prepared) =>
        KeyFile.From(PemKey.ParsePrivate((string)prepared, "key.pem", Corpus.Passphrase), 1_700_000_000, 1_900_000_000);

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        if (refusal?.Code == TooManyRounds)
        {
            return input.Contains("ENCRYPTED", StringComparison.Ordinal) ? null : "nothing is encrypted in it";
        }

        // As for public keys: so many beginnings are not searched.
        Dictionary<string, BigInteger>? numbers =
            input.Split("-----BEGIN ").Length - 1 > 32 ? null : Imported(input);
        bool isSound = numbers != null && RsaNumbers.AreOneKey(numbers) && numbers["n"].GetBitLength() is >= 2048
            and <= 4096 and var bits && bits % 16 == 0;
        return isSound != (result != null) ? $".NET's import finds {(isSound ? "a sound key" : "no sound key")} in it"
            : numbers != null && result == null && refusal!.Code is not (
                "CHATAUTH3004" or "CHATAUTH3005" or "CHATAUTH3006") ? "a code of the key's numbers is right"
            : result is KeyFile { Keys: [var key] } ? Accepted(key, numbers!)
            : null;
    }

    private static string? Accepted(Jwk key, Dictionary<string, BigInteger> numbers) =>
        !RsaNumbers.Of(key.Parts).OrderBy(pair => pair.Key).SequenceEqual(numbers.OrderBy(pair => pair.Key))
            ? ".NET's import reads other numbers"
        : SigningProof.Disagreement(key,
            new JsonWebKey { Kty = "RSA", N = RsaNumbers.Write(numbers["n"]), E = RsaNumbers.Write(numbers["e"]) });

    // null for what is no private RSA key; a public one, which .NET takes too, is none.
    private static Dictionary<string, BigInteger>? Imported(string pem)
    {
        try
        {
            using RSA rsa = RSA.Create();
            if (pem.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal))
            {
                rsa.ImportFromEncryptedPem(pem, Corpus.Passphrase);
            }
            else
            {
                rsa.ImportFromPem(pem);
            }

            return RsaNumbers.Of(rsa.ExportParameters(includePrivateParameters: true));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
