namespace ChatAuth.House;

/// <summary>A change that somebody who is new here makes, and the files that it touches.</summary>
/// <param name="Name">What is added or changed.</param>
/// <param name="Files">Files of the product, relative to the repository; a table of tests or a document is not one.</param>
internal sealed record Change(string Name, params string[] Files)
{
    public static readonly Change[] Every = [];
}
