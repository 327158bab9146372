using System;
using System.Linq;
using Acornima.Ast;
using Jint;
using Jint.Runtime;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>
/// A server logic file of a Power Pages site, which really runs: functions get, post, put, patch and del that each
/// return a string.
/// </summary>
/// <remarks>
/// Sources: MicrosoftDocs/power-pages-docs, configure/author-server-logic.md, server-logic-overview.md and
/// server-objects.md. Each call gets an engine of its own, so nothing is kept from one visitor to the next, and may
/// take as much time and memory as the site settings allow by default. The time bounds the statements too; calling
/// itself too deep is an error of JavaScript's own.
/// </remarks>
internal sealed class ServerLogicFile
{
    // server-logic-overview.md: ServerLogic/MaxMemoryUsageInBytes, "10 MB". Here it is what a call allocates in all.
    private const long MostMemory = 10 * 1024 * 1024;

    // author-server-logic.md, Limitations; compared without regard to case, to be on the safe side.
    private static readonly string[] Forbidden =
    [
        "__dirname", "__filename", "import(", "import from", "eval(", "Function(",
        "setTimeout(", "setInterval(", "setImmediate(", "process.exit", "process.kill", "child_process",
        "fs.", "require(", "constructor.constructor", "this.constructor", "arguments.callee",
        "with(", "delete", "Object.getPrototypeOf", "Object.setPrototypeOf", "Proxy(", "Reflect.",
        "Symbol.for", "__proto__", "prototype", "debugger",
    ];

    private readonly Prepared<Script> script;

    /// <summary>Takes a file as a site does.</summary>
    /// <param name="name">Name of the server logic, part of its address.</param>
    /// <param name="source">JavaScript.</param>
    /// <exception cref="FormatException">
    /// It holds a word that the platform's text check refuses, in code, text or comment.
    /// </exception>
    /// <exception cref="ScriptPreparationException">It is no JavaScript.</exception>
    public ServerLogicFile(string name, string source)
    {
        Name = name;
        script = Forbidden.FirstOrDefault(word => source.Contains(word, StringComparison.OrdinalIgnoreCase)) is { } word
            ? throw new FormatException($"The platform refuses server logic that holds {word}, even in a comment.")
            : Engine.PrepareScript(source, name + ".js");
    }

    /// <summary>Name of the server logic, part of its address.</summary>
    public string Name { get; }

    /// <summary>How long a call may take, Dataverse's answer included.</summary>
    /// <remarks>server-logic-overview.md: ServerLogic/TimeoutInSeconds, 120 by default.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Runs the function of the request's method.</summary>
    /// <param name="site">What the file reaches through <c>Server</c>.</param>
    /// <param name="request">The request, and who sends it.</param>
    /// <returns>The string it returns.</returns>
    /// <exception cref="JavaScriptException">
    /// The file threw, called itself too deep, returned something else, or lacks the function.
    /// </exception>
    /// <exception cref="MemoryLimitExceededException">It took more than 10 MB.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="Timeout"/>.</exception>
    public string Run(ServerLogicSite site, ServerLogicRequest request)
    {
        using Engine engine = new(options =>
        {
            options.TimeoutInterval(Timeout).LimitMemory(MostMemory);

            // Without it a file that calls itself for ever ends the process.
            options.Constraints.StackOverflowGuard = true;

            // What fails behind Server is an error that the file may catch.
            options.CatchClrExceptions();
        });
        engine.SetValue("Server", ServerObject.Of(site, request, Name)).Execute(script);
        var text = engine.Invoke(request.Function);
        return text.IsString()
            ? text.AsString()
            : throw new JavaScriptException(request.Function + "() returned no string.");
    }
}
