using System.Security.Cryptography;
using Azure.Core;
using Azure.Identity;
using Spectre.Console;

namespace ChatAuth;

/// <summary>What a command knows of the world around it.</summary>
/// <remarks>Handed in, so that commands run in a test, or inside LocalPortal, as they run in a shell.</remarks>
/// <param name="Out">What the command was asked for; safe to pipe.</param>
/// <param name="Error">Everything else: progress, warnings, coded lines.</param>
/// <param name="In">Read where an argument is <c>-</c>.</param>
/// <param name="Clock">The time.</param>
internal sealed record CommandHost(TextWriter Out, TextWriter Error, TextReader In, TimeProvider Clock)
{
    // Made when it is first asked: most commands that people wait for ask nobody.
    private static readonly Lazy<HttpMessageHandler> Straight = new(() =>
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 8 });

    private readonly HttpMessageHandler? network;

    /// <summary>
    /// The network, without redirects: no answer may send a token or new keys elsewhere; and without cookies, which
    /// would hold a command to one web server of the environment (Microsoft Learn, send parallel requests: affinity).
    /// </summary>
    public static HttpMessageHandler Direct => Straight.Value;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Answers HTTP requests; never disposed.</summary>
    public HttpMessageHandler Network
    {
        get => network ?? Direct;
        init => network = value;
    }

    /// <summary>Stderr where it is a terminal that rewrites lines; null for a pipe.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>Stdout where it is a terminal; null for a pipe.</summary>
    public IAnsiConsole? Screen { get; init; }

    /// <summary>How many characters a line of <see cref="Out"/> may have; 120 where it is no terminal.</summary>
    public int Width => Screen?.Profile.Width ?? 120;

    /// <summary>Whether no progress is told.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Tells on stderr what a command waits for.</summary>
    public Waiting Waiting => new(WriteProgress, Shown, Clock, IsQuiet ? null : Terminal);

    /// <summary>What settings were filled with; no line repeats it.</summary>
    public FilledValues Filled { get; } = new();

    /// <summary>Signs a person in with the browser of this machine.</summary>
    public Func<InteractiveBrowserCredentialOptions, TokenCredential> Browser { get; init; } = options =>
        new InteractiveBrowserCredential(options);

    /// <summary>Makes the numbers of a new random RSA key of so many bits.</summary>
    public Func<int, RSAParameters> NewKey { get; init; } = RandomKey;

    /// <summary>The numbers of a new random RSA key, private ones included.</summary>
    /// <param name="bits">2048, 3072 or 4096.</param>
    public static RSAParameters RandomKey(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        return rsa.ExportParameters(includePrivateParameters: true);
    }

    /// <summary>Reads an environment variable for a settings file, and remembers what is not to be repeated.</summary>
    /// <param name="name">The variable that a placeholder names.</param>
    public string? Fill(string name) => Filled.Note(name, Environment(name));

    /// <summary>Reads what a person types; a terminal's own reading knows of no Ctrl+C.</summary>
    /// <param name="read">Reads from <see cref="In"/>.</param>
    /// <param name="cancellation">Ends the waiting at once.</param>
    public Task<string?> ReadAsync(Func<TextReader, string?> read, CancellationToken cancellation) =>
        Task.Run(() => read(In), CancellationToken.None).WaitAsync(cancellation);

    /// <summary>Writes one line to <see cref="Out"/>, without anything that could steer the terminal.</summary>
    public void WriteLine(string text) => WriteLine(text, tone: null);

    /// <summary>The same, in colour where there are colours.</summary>
    /// <param name="text">The line.</param>
    /// <param name="tone">What it tells of; null for no colour.</param>
    public void WriteLine(string text, Severity? tone) => Out.WriteLine(Coloured(Screen, tone, Shown(text)));

    /// <summary>Writes one line to <see cref="Error"/>, without anything that could steer the terminal.</summary>
    public void WriteError(string text) => Error.WriteLine(Shown(text));

    /// <summary>Writes what a command has done, or is doing, to <see cref="Error"/>.</summary>
    public void WriteProgress(string text)
    {
        if (!IsQuiet)
        {
            WriteError(text);
        }
    }

    /// <summary>
    /// Writes a coded line to <see cref="Error"/>, its code in colour; in a pipeline also what shows it beside the run.
    /// </summary>
    /// <param name="error">What is wrong.</param>
    public void WriteError(CodedError error)
    {
        Error.WriteLine(Coloured(Terminal, Severity.Error, error.Code) + Shown(": " + error.Text));
        Annotate(error, Severity.Error);
    }

    /// <summary>Shows an error or a warning beside a pipeline's run; elsewhere it writes nothing.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="severity">How much it matters.</param>
    public void Annotate(CodedError error, Severity severity)
    {
        // Before what a pipeline would obey is escaped, in which no value is found again.
        CodedError shown = error with { Fact = Filled.Hide(error.Fact), Remedy = Filled.Hide(error.Remedy) };
        if (PipelineLog.Annotation(shown, severity, Environment) is { } line)
        {
            Error.WriteLine(line);
        }
    }

    // NO_COLOR and terminals without colours are the library's to know.
    private static string Coloured(IAnsiConsole? console, Severity? tone, string text) =>
        tone is null || console is null or { Profile.Capabilities.ColorSystem: ColorSystem.NoColors } ? text
            : tone == Severity.Error ? $"\u001b[31m{text}\u001b[0m" : $"\u001b[33m{text}\u001b[0m";

    private string Shown(string text) => PipelineLog.Disarmed(SafeText.Of(Filled.Hide(text)), Environment);
}
