using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using ChatAuth.Load;

const int Rounds = 20;
const double HttpSeconds = 15;
const int MostOverHttp = 500_000;
const double LeastScaling = 0.8;

if (args is not ["--tokens", var tokensText, "--callers", var callersText]
    || !int.TryParse(tokensText, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) || tokens < Rounds
    || !int.TryParse(callersText, NumberStyles.None, CultureInfo.InvariantCulture, out var callers) || callers < 2)
{
    await Console.Error.WriteLineAsync("Usage: Load --tokens N --callers N");
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
