using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class A_signature_borrows_a_key
{
    private readonly ConcurrentQueue<Borrowed> made = new();

    [TestMethod]
    public void Two_at_once_never_share_one_and_both_are_kept()
    {
        using var both = new Barrier(2);
        var key = Key(() => Assert.IsTrue(both.SignalAndWait(TimeSpan.FromSeconds(10)), "the other one did not sign"));
        for (var round = 0; round < 3; round++)
        {
            Exception? failure = null;
            var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                try
                {
                    key.Sign([1], 1);
                }
                catch (Exception exception) when (exception is UnitTestAssertException or CryptographicException)
                {
                    failure = exception;
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.IsNull(failure, failure?.Message);
        }

        Assert.HasCount(2, made);
    }

    [TestMethod]
    public void One_that_failed_is_disposed_of_and_the_next_call_imports_it_again()
    {
        var failing = true;
        var key = Key(() => _ = failing ? throw new CryptographicException() : 0);
        Assert.ThrowsExactly<CryptographicException>(() => key.Sign([1], 1));
        Assert.IsTrue(made.Single().IsDisposed);
        failing = false;
        key.Sign([1], 1);
        key.Sign([1], 1);
        Assert.HasCount(2, made);
        Assert.IsFalse(made.Last().IsDisposed);
    }

    [TestMethod]
    public void It_is_imported_before_the_first_call_if_it_signs_by_then()
    {
        var set = JwkSet.Parse(
            TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "a", 100, 200), TestKeys.Jwk(TestKeys.Rfc7520, "b", 200, 300)));
        foreach (var (now, label) in new[] { (99L, ""), (100L, "Key \"a\""), (200L, "Key \"b\""), (300L, "") })
        {
            var imported = string.Empty;
            _ = new SigningKeys(set, (_, name) =>
            {
                imported += name;
                return new Borrowed(() => { });
            }, now);
            Assert.AreEqual(label, imported);
        }
    }

    [TestMethod]
    public void An_import_that_fails_ahead_is_left_to_the_call()
    {
        var imports = 0;
        var call = new Call();
        var plugin = new IssueChatToken(call.Settings, call.Keys, () => Call.Now, Guid.NewGuid, (parts, label) =>
            ++imports == 1 ? throw Errors.SigningFailed(label) : RsaImport.Import(parts, label));
        plugin.Execute(call.Platform);
        Assert.AreEqual(2, imports);
        Assert.IsNotNull(call.Platform.OutputParameters["Token"]);
    }

    [TestMethod]
    public void Numbers_that_no_class_of_the_runtime_takes_are_told_by_kid() => Assert.StartsWith(
        "CHATAUTH3009: Key \"it\": ",
        Assert.ThrowsExactly<ChatAuthException>(() => RsaImport.Import(default, "Key \"it\"")).Message);

    private SigningKey Key(Action whileSigning) => new(JwkSet.Parse(new Call().Keys).Keys[0], (_, _) =>
    {
        var rsa = new Borrowed(whileSigning);
        made.Enqueue(rsa);
        return rsa;
    });

    /// <summary>Signs nothing, and refuses to be used by two at once.</summary>
    private sealed class Borrowed(Action whileSigning) : RSA
    {
        private int users;

        internal bool IsDisposed { get; private set; }

        public override byte[] SignData(
            byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
        {
            if (Interlocked.Increment(ref users) != 1)
            {
                throw new CryptographicException("used by two at once");
            }

            whileSigning();
            Interlocked.Decrement(ref users);
            return new byte[256];
        }

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            throw new CryptographicException();

        public override void ImportParameters(RSAParameters parameters) => throw new CryptographicException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
