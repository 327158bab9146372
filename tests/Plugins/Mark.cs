using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text;

namespace ChatAuth.Plugins.Tests;

/// <summary>
/// A secret or personal value that is planted to be searched for, in every form in which it could come out again.
/// </summary>
internal sealed class Mark
{
    private readonly List<string> anyCase = new();
    private readonly List<string> exact = new();

    /// <summary>A text.</summary>
    internal Mark(string text)
    {
        anyCase.Add(text);
        anyCase.Add(new string(Enumerable.Reverse(text).ToArray()));
        anyCase.Add(
            string.Concat(
                text.Select(
                    unit => "\\u" + ((int)unit).ToString("x4", System.Globalization.CultureInfo.InvariantCulture))));
        AddBytes(Encoding.UTF8.GetBytes(text));
        anyCase.Add(Hex(Encoding.Unicode.GetBytes(text), string.Empty));
    }

    /// <summary>A number of a key, big-endian: any 24 bytes at its beginning or end, and its decimal digits.</summary>
    internal Mark(byte[] number)
    {
        AddBytes(number.Take(24).ToArray());
        AddBytes(number.Skip(number.Length - 24).ToArray());
        anyCase.Add(
            new BigInteger(Enumerable.Reverse(number).Concat(new byte[1]).ToArray()).ToString(
                System.Globalization.CultureInfo.InvariantCulture).Substring(0, 40));
    }

#pragma warning disable CA2249 // .NET Framework's Contains knows no comparison
    /// <summary>The form in which it stands in a text; null when it does not.</summary>
    internal string? In(string text) =>
        anyCase.FirstOrDefault(form => text.IndexOf(form, StringComparison.OrdinalIgnoreCase) >= 0)
            ?? exact.FirstOrDefault(form => text.IndexOf(form, StringComparison.Ordinal) >= 0);
#pragma warning restore CA2249 // .NET Framework's Contains knows no comparison

    /// <summary>Everything that an exception would tell a log: its text, its chain, its data.</summary>
    internal static string TextOf(Exception exception)
    {
        var text = new StringBuilder();
        for (var link = exception; link != null; link = link.InnerException)
        {
            text.AppendLine(link.ToString());
            foreach (var key in link.Data.Keys)
            {
                text.AppendLine(key + "=" + link.Data[key]);
            }
        }

        return text.ToString();
    }

    private static string Hex(byte[] bytes, string separator) => string.Join(
        separator, bytes.Select(one => one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private void AddBytes(byte[] bytes)
    {
        anyCase.Add(Hex(bytes, "-"));
        anyCase.Add(Hex(bytes, string.Empty));
        anyCase.Add(Hex(bytes, "%"));

        // Wherever it begins in a group of three bytes: the characters that its bytes alone decide.
        for (var shift = 0; shift < 3; shift++)
        {
            var all = Convert.ToBase64String(new byte[shift].Concat(bytes).ToArray());
            var first = shift == 0 ? 0 : shift + 1;
            var own = all.Substring(first, ((shift + bytes.Length) * 8 / 6) - first);
            exact.Add(own);
            exact.Add(own.Replace('+', '-').Replace('/', '_'));
        }
    }
}
