namespace ChatAuth.House;

/// <summary>Circles of things that know each other: strongly connected components (Tarjan, 1972).</summary>
internal static class Circles
{
    /// <summary>Every circle of files and of rooms in one part, each as its members, sorted.</summary>
    public static IEnumerable<string[]> Of(Part part, IEnumerable<Arrow> arrows)
    {
        Arrow[] inside = [.. arrows.Where(arrow => part.Holds(arrow.From) && part.Holds(arrow.To))];
        return Among(inside.Select(arrow => (arrow.From, arrow.To)))
            .Concat(Among(inside.Select(arrow => (part.RoomOf(arrow.From), part.RoomOf(arrow.To)))));
    }

    /// <summary>The circles of two or more in a graph.</summary>
    public static IEnumerable<string[]> Among(IEnumerable<(string From, string To)> edges)
    {
        ILookup<string, string> next = edges.Distinct().ToLookup(edge => edge.From, edge => edge.To);
        Dictionary<string, int> lowest = [];
        Stack<string> open = new();
        List<string[]> circles = [];
        foreach (IGrouping<string, string> start in next)
        {
            Visit(start.Key);
        }

        return circles.OrderBy(circle => circle[0], StringComparer.Ordinal);

        // The lowest number that can be reached from a node; int.MaxValue once its component is closed.
        int Visit(string node)
        {
            if (lowest.TryGetValue(node, out int known))
            {
                return known;
            }

            int number = lowest[node] = lowest.Count;
            open.Push(node);
            int low = next[node].Select(Visit).Append(number).Min();
            if (low < number)
            {
                return lowest[node] = low;
            }

            List<string> component = [];
            do
            {
                component.Add(open.Pop());
                lowest[component[^1]] = int.MaxValue;
            }
            while (component[^1] != node);

            if (component.Count > 1)
            {
                circles.Add([.. component.Order(StringComparer.Ordinal)]);
            }

            return int.MaxValue;
        }
    }
}
