using System;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>The openssl on this machine: a second opinion on keys and signatures.</summary>
internal static class OpenSsl
{
    /// <summary>Runs it; its output. The test is inconclusive where there is none.</summary>
    public static string Run(params string[] arguments)
    {
        ProcessStartInfo start =
            new("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("openssl is not on the path of this machine.");
        }

        using (process)
        {
            string error = process!.StandardError.ReadToEnd();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, $"openssl {string.Join(' ', arguments)}{Environment.NewLine}{error}");
            return output;
        }
    }
}
