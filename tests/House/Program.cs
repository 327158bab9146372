using ChatAuth.House;

// dotnet run --project tests/House [FOLDER]: the house in figures, then what stands in the way of them.
string root = Path.GetFullPath(args.Length > 0 ? args[0] : ".");
IReadOnlyList<Arrow> arrows = Sources.Read(root).Arrows();
foreach ((string name, string value) in Figures.Of(root, arrows))
{
    Console.WriteLine($"{value,10}  {name}");
}

foreach (Change change in Change.Every)
{
    string[] files = [.. change.Files(root)];
    Console.WriteLine($"{files.Length,10}  files for {change.Name}: {string.Join(", ", files)}");
}

foreach (Part part in AllowedArrows.Parts)
{
    foreach (string line in AllowedArrows.Wrong(part, arrows))
    {
        Console.WriteLine(line);
    }

    foreach (string[] circle in Circles.Of(part, arrows))
    {
        Console.WriteLine($"{part.Name} has a circle: {string.Join(", ", circle)}");
    }
}
