using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ChatAuth.House;

/// <summary>One place where a file of production code uses what another file declares.</summary>
/// <param name="From">Path of the file that uses, relative to the repository, with slashes.</param>
/// <param name="Line">Line in it, from 1.</param>
/// <param name="To">Path of the file that declares.</param>
/// <param name="Symbol">What is used.</param>
internal sealed record Arrow(string From, int Line, string To, string Symbol)
{
    /// <summary><see cref="To"/> of a name that the compiler does not know here: nothing stays unseen.</summary>
    public const string Nowhere = "nowhere";

    /// <inheritdoc />
    public override string ToString() => $"{From}:{Line} uses {Symbol} of {To}";
}

/// <summary>The production sources of a repository, read as the compiler reads them.</summary>
/// <remarks>
/// Symbols are resolved, not names compared: <c>new()</c>, an extension method and a member of an inferred type count.
/// A reference in a documentation comment does not: it is no dependency.
/// </remarks>
internal sealed class Sources
{
    private readonly string root;

    private readonly ImmutableArray<CSharpCompilation> compilations;

    private Sources(string root, ImmutableArray<CSharpCompilation> compilations)
    {
        this.root = root;
        this.compilations = compilations;
    }

    /// <summary>Parses the projects of a table, each against those that stand before it.</summary>
    /// <param name="root">Folder of the repository.</param>
    public static Sources Read(string root)
    {
        // They are read as sources.
        string[] own = [.. AllowedArrows.Projects.Select(project => Path.GetFileName(project)!), "ChatAuth.Plugins"];
        List<MetadataReference> references = [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => !own.Contains(Path.GetFileNameWithoutExtension(path)))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
        List<CSharpCompilation> compilations = [];
        foreach (string project in AllowedArrows.Projects)
        {
            CSharpCompilation compilation = CSharpCompilation.Create(
                Path.GetFileName(project),
                Trees(root, project),
                references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
                    .WithMetadataImportOptions(MetadataImportOptions.All));
            compilations.Add(compilation);
            references.Add(compilation.ToMetadataReference());
        }

        return new Sources(root, [.. compilations]);
    }

    /// <summary>Every arrow from one file to another, in the order of files and lines. Reads everything anew.</summary>
    public IReadOnlyList<Arrow> Arrows()
    {
        ConcurrentBag<Arrow> arrows = [];
        Parallel.ForEach(
            compilations.SelectMany(compilation => compilation.SyntaxTrees.Select(tree => (compilation, tree))),
            source =>
            {
                foreach (Arrow arrow in ArrowsOf(source.compilation.GetSemanticModel(source.tree)))
                {
                    arrows.Add(arrow);
                }
            });
        return [.. arrows.OrderBy(arrow => arrow.From, StringComparer.Ordinal).ThenBy(arrow => arrow.Line)];
    }

    private IEnumerable<Arrow> ArrowsOf(SemanticModel model)
    {
        SyntaxTree tree = model.SyntaxTree;
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
            {
                continue;
            }

            SymbolInfo info = model.GetSymbolInfo(node);
            ISymbol? symbol = Declared(info.Symbol ?? info.CandidateSymbols.FirstOrDefault());
            SyntaxTree[] places = [.. symbol?.DeclaringSyntaxReferences.Select(place => place.SyntaxTree) ?? []];
            if (places.Length > 0 && !places.Contains(tree))
            {
                yield return new Arrow(
                    Relative(tree),
                    LineOf(node),
                    Relative(places[0]),
                    symbol!.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            }
            else if (info is { Symbol: null, CandidateSymbols.IsEmpty: true } && !IsKnown(model, node))
            {
                yield return new Arrow(Relative(tree), LineOf(node), Arrow.Nowhere, node.ToString());
            }
        }
    }

    // The type or member that is used, as it is declared; null for what no other file can declare.
    private static ISymbol? Declared(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.OriginalDefinition,
        IMethodSymbol { MethodKind: MethodKind.Constructor } => symbol.ContainingType.OriginalDefinition,
        IMethodSymbol method => (method.ReducedFrom ?? method).OriginalDefinition,
        _ => null,
    };

    // var has a type and no symbol, nameof neither.
    private static bool IsKnown(SemanticModel model, SyntaxNode node) =>
        node is not SimpleNameSyntax name || name.Identifier.Text == "nameof"
            || model.GetTypeInfo(node).Type is not (null or IErrorTypeSymbol);

    private static int LineOf(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    private string Relative(SyntaxTree tree) => Path.GetRelativePath(root, tree.FilePath).Replace('\\', '/');

    private static IEnumerable<SyntaxTree> Trees(string root, string project)
    {
        string folder = Path.Combine(root, project);
        XDocument file = XDocument.Load(Directory.GetFiles(folder, "*.csproj").Single());
        IEnumerable<string> outside = file.Descendants("Compile").Attributes("Include")
            .Select(include => Path.GetFullPath(Path.Combine(folder, include.Value)))
            .SelectMany(pattern => Directory.GetFiles(
                Path.GetDirectoryName(pattern.Replace("**/", string.Empty, StringComparison.Ordinal))!,
                Path.GetFileName(pattern),
                SearchOption.AllDirectories))
            .Except(file.Descendants("Compile").Attributes("Exclude")
                .Select(exclude => Path.GetFullPath(Path.Combine(folder, exclude.Value))));
        // What the build adds: the usual usings, and who may see what is internal.
        string usings = string.Concat(
            ((string[])[
                "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http",
                "System.Threading", "System.Threading.Tasks",
                .. file.Descendants("Using").Attributes("Include").Select(include => include.Value),
            ]).Select(name => $"global using {name};"));
        string friends = string.Concat(
            file.Descendants("InternalsVisibleTo").Attributes("Include").Select(friend =>
                $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend.Value}\")]"));
        CSharpParseOptions options = new(LanguageVersion.Latest, DocumentationMode.None);
        foreach (string path in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Concat(outside))
        {
            yield return CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path);
        }

        yield return CSharpSyntaxTree.ParseText(usings + friends, options);
    }
}
