using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace ChatAuth.Pack;

/// <summary>Rules about the plug-in dll itself.</summary>
internal static partial class DllRules
{
    /// <summary>The genuine SDK that the sandbox offers.</summary>
    private const string Sdk = "Microsoft.Xrm.Sdk, Version=9.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35";

    // Design, "Numbers to reach"; the platform itself ends at 16 MB (facts, section 2).
    private const int MaximumLength = 64 * 1024;

    /// <summary>The dll is strong-named: the sandbox refuses any other (facts, section 2).</summary>
    public static IEnumerable<CodedError> IsStrongNamed(PackInput input) =>
        input.Assembly.IsStrongNamed ? [] : [Errors.NotStrongNamed()];

    /// <summary>The dll has at most 64 KB: every sandbox worker loads it anew.</summary>
    public static IEnumerable<CodedError> IsSmall(PackInput input) =>
        input.Assembly.Bytes.Length <= MaximumLength ? [] : [Errors.DllTooLarge(input.Assembly.Bytes.Length, MaximumLength)];

    /// <summary>The dll refers to the framework and the SDK only; System.Text.Json is not the framework's (facts, section 2).</summary>
    public static IEnumerable<CodedError> RefersToTheFrameworkOnly(PackInput input) =>
        input.Assembly.References.Where(reference => !IsAllowed(reference)).Select(Errors.ReferenceForeign);

    /// <summary>The dll calls no native code: the sandbox's partial trust does not grant it.</summary>
    public static IEnumerable<CodedError> CallsNoNativeCode(PackInput input) =>
        input.Assembly.NativeImports.Select(Errors.NativeImport);

    private static bool IsAllowed(string reference) =>
        string.Equals(reference, Sdk, StringComparison.Ordinal) || (Framework().IsMatch(reference) && !reference.StartsWith("System.Text.Json,", StringComparison.Ordinal));

    // .NET Framework 4.x has these names, this major version and these three keys. Packages named System.* differ in one of them.
    [GeneratedRegex(@"^(mscorlib|System(\.[A-Za-z.]+)?), Version=4\.\d+\.\d+\.\d+, Culture=neutral, PublicKeyToken=(b77a5c561934e089|b03f5f7f11d50a3a|31bf3856ad364e35)$", RegexOptions.CultureInvariant)]
    private static partial Regex Framework();
}
