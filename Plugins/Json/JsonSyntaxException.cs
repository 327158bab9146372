using System;
using System.Globalization;

namespace ChatAuth.Plugins.Json;

/// <summary>Text that is not the JSON asked for: where and what rule, never a part of the text itself.</summary>
internal sealed class JsonSyntaxException : Exception
{
    internal JsonSyntaxException(int position, string rule)
        : base(string.Format(CultureInfo.InvariantCulture, "character {0}: {1}", position + 1, rule))
    {
        Position = position;
        Rule = rule;
    }

    /// <summary>Where in the text, from 0.</summary>
    internal int Position { get; }

    /// <summary>The rule that is broken there.</summary>
    internal string Rule { get; }
}
