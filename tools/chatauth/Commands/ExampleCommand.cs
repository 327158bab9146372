using System.CommandLine;

namespace ChatAuth.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The command's word.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Whole command lines, most usual first.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    /// <summary>Whole command lines, most usual first.</summary>
    public string[] Examples { get; } = examples;
}
