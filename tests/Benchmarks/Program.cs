using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Benchmarks;
using ChatAuth.Benchmarks.Figures;
using ChatAuth.Benchmarks.Peers;
using ChatAuth.Plugins;

if (args is ["--cold", var plugin])
{
    ColdStart.Run(plugin);
    return 0;
}

if (args is ["--capacity"])
{
    await Console.Out.WriteAsync(Capacity.ToMarkdown());
    return 0;
}

if (args is ["--startup"])
{
    var start = StartUp.Measure(40);
    await Console.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"chatauth --version ÷ a bare .NET program ({start.HelloMilliseconds:0} ms): {start.Tool:0.00} as a tool, "
            + $"{start.SingleFile:0.00} as a single file"));
    return start.Tool <= 2.5 && start.SingleFile <= 2 ? 0 : 1;
}

if (!args.Contains("--ratios"))
{
    await Console.Error.WriteLineAsync(
        "Usage: Benchmarks --ratios [--quick] [--json FILE] [--svg FILE] | --capacity | --startup");
    return 2;
}

// The full run takes six times as long, for the same figures with less noise.
var scale = args.Contains("--quick") ? 1 : 6;
var key = Workload.NewKey();
var report = new Report();

report.AtMost(
    "executeOverSignature", "`IssueChatToken.Execute` ÷ bare signature",
    InOneProcess.ExecuteOverSignature(7 * scale, key), 1.05);
var build = InOneProcess.BuildOverIdentityModel(3 * scale, key);
report.AtMost(
    "buildOverIdentityModel", "Execute without the signature ÷ Microsoft.IdentityModel's CreateToken without it",
    build.OverLibrary, 0.7);
report.AtMost(
    "bytesPerExecute", "bytes allocated per Execute",
    InOneProcess.Bytes(TokenMakers.Execute(new IssueChatToken(Workload.Settings(), Workload.Keys(key)))), 8192);
report.AtLeast(
    "scaling2", "2 threads ÷ 1 on one instance, relative to bare signatures", InOneProcess.Scaling2(6 * scale, key),
    0.95);
var (first, steady) = InOneProcess.Requests(key);
report.AtMost("requestsFirst", "Dataverse requests, first token", first, 1);
report.AtMost("requestsSteady", "Dataverse requests, later tokens", steady, 1);
report.AtMost(
    "publicKeysOverIssue", "`GetPublicKeys` ÷ one IssueChatToken", InOneProcess.PublicKeysOverIssue(2 * scale, key),
    0.2);
var cold = ColdStart.Measure(5 * scale);
report.AtMost(
    "firstOverIdentityModel", "first Execute of a fresh process ÷ the same on Microsoft.IdentityModel", cold.Ratio,
    0.2);
report.AtMost("keyImports", "key imports per key and instance", InOneProcess.KeyImports(key), 1);
report.AtLeast(
    "httpOverSignature", "tokens/s through LocalDataverse, 64 connections ÷ bare signatures/s",
    await OverHttp.MeasureAsync(6 * scale, key), 0.6);
report.Peers.AddRange(InOneProcess.Peers(6 * scale, key).Select(peer => (peer.Name, peer.Ratio, (long?)peer.Bytes)));
report.Peers.AddRange(NodePeers.Measure(3 * scale, key).Select(peer => (peer.Name, peer.Ratio, (long?)null)));
report.Growth.AddRange(InOneProcess.Growth(3 * scale, key));
report.Notes.Add(string.Create(
    CultureInfo.InvariantCulture,
    $"First Execute: {cold.Ours:0.0} ms with {cold.OurBytes / 1024} KB in one dll; {cold.Theirs:0.0} ms with "
        + $"{cold.TheirBytes / 1024} KB in {cold.TheirFiles} dlls."));
report.Notes.Add(string.Create(
    CultureInfo.InvariantCulture,
    $"Execute without the signature ÷ that of the same plug-in on Microsoft.IdentityModel: {build.OverPlugin:0.00}."));
report.Notes.Add(OnMono.Measure());
await Console.Out.WriteLineAsync(report.ToMarkdown());
await WriteAsync("--json", report.ToJson());
await WriteAsync("--svg", Plot.Draw(report));
return 0;

Task WriteAsync(string option, string text) =>
    args.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault() is { } file
        ? File.WriteAllTextAsync(file, text)
        : Task.CompletedTask;
