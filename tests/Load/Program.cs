using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using ChatAuth.Load;

const int Rounds = 20;
const double HttpSeconds = 15;
const int MostOverHttp = 500_000;
const double LeastScaling = 0.8;

if (args is ["--portal", ..])
{
    return await PortalsAsync(args is [_, "--svg", var file] ? file : null);
}

if (args is not ["--tokens", var tokensText, "--callers", var callersText]
    || !int.TryParse(tokensText, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) || tokens < Rounds
    || !int.TryParse(callersText, NumberStyles.None, CultureInfo.InvariantCulture, out var callers) || callers < 2)
{
    await Console.Error.WriteLineAsync("Usage: Load --tokens N --callers N | --portal [--svg FILE]");
    return 2;
}

#pragma warning disable RS0030 // the entry point is where the system's clock is named
await using var loaded = await LoadedOrganization.StartAsync(callers, TimeProvider.System);
#pragma warning restore RS0030 // the entry point is where the system's clock is named
var check = new TokenCheck(loaded.PublicKeys, loaded.Portals);
var inProcess = Routes.InProcess(loaded.Organization);
var broken = 0;

Tell($"in one process, {callers} callers",
    new LoadRun(inProcess, check, loaded.Portals, tokens).Run(tokens / Rounds, _ => true));

using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = callers };
using var client = new HttpClient(handler);
var started = Stopwatch.GetTimestamp();
Tell(
    $"over HTTP, {callers} connections",
    new LoadRun(Routes.OverHttp(client, loaded.Url), check, loaded.Portals, MostOverHttp).Run(
        callers * 20, _ => Stopwatch.GetElapsedTime(started).TotalSeconds < HttpSeconds));

// With one core there is nothing that a second thread could bring.
if (Environment.ProcessorCount > 1)
{
    var (one, other) = (loaded.Portals[0], loaded.Portals[1]);
    var scaling =
        Scaling.OfTwoThreads(inProcess, new Ask(one, one.Contacts[0], 0), new Ask(other, other.Contacts[0], 1));
    Console.WriteLine(
        FormattableString.Invariant(
            $"2 threads ÷ 1, relative to bare signatures: {scaling:0.00} (at least {LeastScaling})"));
    broken += scaling < LeastScaling ? 1 : 0;
}

return broken == 0 ? 0 : 1;

void Tell(string route, LoadResult result)
{
    Console.WriteLine($"{route}: {result}");
    foreach (var rule in result.Broken())
    {
        Console.WriteLine("BROKEN: " + rule);
        broken++;
    }
}

// A second for an hour of the day; a day below what service protection allows, and one above.
static async Task<int> PortalsAsync(string? svg)
{
    var hour = TimeSpan.FromSeconds(1);
    double[] demand = [.. PortalReport.DayOf(0.8), .. PortalReport.DayOf(1.3)];
    List<PortalRun> runs = [];
    await using (var first = await PortalDay.OpenAsync(2, 2, hour))
    {
        _ = await first.RunAsync([0.9, 0.9, 0.9]); // what is slow once is no visitor's wait
    }

    foreach (var (users, webServers) in new[] { (1, 1), (2, 1), (8, 1), (1, 4), (2, 4), (8, 4) })
    {
        await using var day = await PortalDay.OpenAsync(users, webServers, hour);
        var visits = await day.RunAsync(demand);
        runs.Add(new PortalRun(
            users, webServers, day.Capacity, demand, hour.TotalSeconds, visits, await day.WrongAsync(visits)));
        await Console.Error.WriteLineAsync($"{users} users, {webServers} web servers: {visits.Count} questions");
    }

    await Console.Out.WriteAsync(PortalReport.ToMarkdown(runs));
    if (svg != null)
    {
        await File.WriteAllTextAsync(svg, PortalReport.ToSvg(runs));
    }

    var wrong = runs.Sum(run => run.Wrong);
    var early = runs.Sum(run => run.Visits.Count(visit => visit.Hour < PortalReport.Day && visit.Status != 200));
    Console.WriteLine($"{wrong} tokens are not right; below capacity {early} questions got none.");
    return wrong + early == 0 ? 0 : 1;
}
