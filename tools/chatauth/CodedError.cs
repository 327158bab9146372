using System.Globalization;
using System.Runtime.CompilerServices;
using ChatAuth.Plugins;

namespace ChatAuth;

/// <summary>One thing that is wrong: a code that never changes its meaning, the fact and the remedy.</summary>
/// <param name="Code"><c>CHATAUTH</c> and four digits.</param>
/// <param name="Fact">What is, in sentences on one line; never a secret or personal data.</param>
/// <param name="Remedy">
/// What to do, likewise; empty where <paramref name="Fact"/> is a plug-in's line from the wire, which says both.
/// </param>
internal record CodedError(string Code, string Fact, string Remedy)
{
    /// <summary>Fact, then remedy, on one line.</summary>
    public string Text => Remedy.Length == 0 ? Fact : Fact + " " + Remedy;

    /// <summary>The text without its full stop, to stand inside a sentence of another error.</summary>
    public string Clause => Text.TrimEnd('.');

    /// <summary>The fact alone, likewise: what to do is said by the other error.</summary>
    public string FactClause => Fact.TrimEnd('.');

    /// <summary>An error whose numbers and dates are written the same in every culture.</summary>
    public static CodedError Of(string code, InvariantText fact, InvariantText remedy) =>
        new(code, fact.ToString(), remedy.ToString());

    /// <summary>A refusal of the plug-ins' own rules, which this command applies too.</summary>
    public static CodedError Of(ChatAuthException refusal) => new(
        string.Create(CultureInfo.InvariantCulture, $"{ChatAuthException.CodePrefix}{refusal.Code}"),
        refusal.Fact,
        refusal.Remedy);

    /// <summary>The line that a person or a pipeline reads.</summary>
    public sealed override string ToString() => Code + ": " + Text;
}

/// <summary>How much a finding matters.</summary>
internal enum Severity
{
    /// <summary>It works, but something is to be looked after.</summary>
    Warning,

    /// <summary>No chat is authenticated, or its keys are not safe, or nobody knows.</summary>
    Error,
}

/// <summary>Who mends a finding.</summary>
internal enum Mender
{
    /// <summary>A person; deploy stops before its first write where such a finding is an error.</summary>
    Person,

    /// <summary>chatauth deploy, which writes it or waits for it.</summary>
    Deploy,

    /// <summary>chatauth rotate.</summary>
    Rotate,

    /// <summary>chatauth revoke; every other command first does what it can of that.</summary>
    Revoke,
}

/// <summary>One thing that a check found.</summary>
/// <param name="Code"><c>CHATAUTH</c> and four digits.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Fact">What is; never a secret or personal data.</param>
/// <param name="Remedy">The command or click that mends it.</param>
/// <param name="Mender">Who mends it.</param>
internal sealed record Finding(string Code, Severity Severity, string Fact, string Remedy, Mender Mender)
    : CodedError(Code, Fact, Remedy)
{
    /// <summary>Whether deploy must not write while it is so.</summary>
    public bool Stops => Severity == Severity.Error && Mender == Mender.Person;

    /// <summary>A finding whose numbers and dates are written the same in every culture.</summary>
    public static Finding Of(
        Severity severity, string code, InvariantText fact, InvariantText remedy, Mender mender = Mender.Person) =>
        new(code, severity, fact.ToString(), remedy.ToString(), mender);

    /// <summary>A refusal that a check met, which a person mends.</summary>
    public static Finding Of(CodedError refusal) =>
        new(refusal.Code, Severity.Error, refusal.Fact, refusal.Remedy, Mender.Person);
}

/// <summary>An interpolated text in which numbers and dates are written the same in every culture.</summary>
/// <remarks>The compiler fills it in place of a string; pieces that are joined by + each begin with <c>$</c>.</remarks>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>What the compiler begins with.</summary>
    /// <param name="literalLength">Characters outside the holes.</param>
    /// <param name="formattedCount">How many holes.</param>
    public InvariantText(int literalLength, int formattedCount) =>
        text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Appends what stands outside the holes.</summary>
    public void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>Appends what stands in a hole.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>Appends what stands in a hole with a format.</summary>
    public void AppendFormatted<T>(T value, string format) => text.AppendFormatted(value, format);

    /// <summary>The whole text; to be asked for once.</summary>
    public override string ToString() => text.ToStringAndClear();
}
