using System;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>Where a chat service has the keys of tokens from.</summary>
internal interface IServiceKeys
{
    /// <summary>The place, as people see it.</summary>
    string Source { get; }

    /// <summary>The key for a token.</summary>
    /// <param name="keyId">The token's kid; null for none.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="TokenRefusedException">keys, no-kid or unknown-kid.</exception>
    Task<ServiceKey> FindAsync(string? keyId, CancellationToken cancellation);
}

/// <summary>What an administrator has pasted into Live Assist's form: one key and the issuer.</summary>
/// <remarks>
/// Seeds 000 and 001: the key is pasted without line-breaks, header and footer; it is the key of every token, whatever
/// its kid. There is no second one, so a rotation is a cutover.
/// </remarks>
internal sealed class LiveAssistSetup : IServiceKeys
{
    private Pasted pasted = new(string.Empty, null);

    /// <inheritdoc/>
    public string Source => "Live Assist's form";

    /// <summary>JWT issuer (iss), compared letter by letter.</summary>
    public string Issuer => Volatile.Read(ref pasted).Issuer;

    /// <summary>Saves the form.</summary>
    /// <param name="issuer">JWT issuer (iss).</param>
    /// <param name="line">JWT public key.</param>
    /// <exception cref="FormatException">The key is none on one line.</exception>
    public void Save(string issuer, string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            throw new FormatException(
                "There is no JWT public key. Press \"Fill in the values\" first, or paste what chatauth liveassist "
                    + "says.");
        }

        if (line.Any(char.IsWhiteSpace) || line.Contains("-----", StringComparison.Ordinal))
        {
            throw new FormatException("The key has line-breaks, a header or a footer. Paste it as one line.");
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(line), out _);
            RsaSecurityKey key = new(rsa.ExportParameters(includePrivateParameters: false));
            Volatile.Write(ref pasted, new Pasted(issuer, key));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            throw new FormatException("That is no public key on one line.", exception);
        }
    }

    /// <inheritdoc/>
    public Task<ServiceKey> FindAsync(string? keyId, CancellationToken cancellation) =>
        Volatile.Read(ref pasted).Key is { } key ? Task.FromResult(new ServiceKey(null, key, null))
            : throw new TokenRefusedException("keys", "No JWT public key is pasted into Live Assist.");

    private sealed record Pasted(string Issuer, RsaSecurityKey? Key);
}
