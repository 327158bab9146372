using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>Node's token libraries over Node's bare signature.</summary>
internal static class NodePeers
{
    /// <summary>Ratios by library; empty, with the reason on stderr, where Node or the libraries are missing.</summary>
    public static IReadOnlyList<(string Name, double Ratio)> Measure(double seconds, RSAParameters key)
    {
        var modules = Modules();
        if (modules == null)
        {
            Console.Error.WriteLine("Node's libraries are not installed: run npm ci in tests/Benchmarks/node.");
            return [];
        }

        var folder = Directory.CreateTempSubdirectory("chatauth-bench-");
        try
        {
            using var rsa = RSA.Create(key);
            var (pem, payload) =
                (Path.Combine(folder.FullName, "key.pem"), Path.Combine(folder.FullName, "payload.json"));
            File.WriteAllText(pem, rsa.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(payload, JsonSerializer.Serialize(Workload.Claims()));
            var script = Path.Combine(AppContext.BaseDirectory, "node", "peers.mjs");
            using var node = Process.Start(
                new ProcessStartInfo(
                    "node", [script, pem, payload, seconds.ToString(CultureInfo.InvariantCulture), modules])
                {
                    RedirectStandardOutput = true,
                })!;
            var output = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return node.ExitCode != 0 ? [] :
            [
                .. JsonDocument.Parse(output).RootElement.EnumerateObject().Where(peer => peer.Name != "bare")
                    .Select(peer => ($"Node {peer.Name}, key kept", peer.Value.GetDouble())),
            ];
        }
        catch (Win32Exception)
        {
            Console.Error.WriteLine("node is not on the path.");
            return [];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Modules()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            var node = Path.Combine(folder.FullName, "tests", "Benchmarks", "node");
            if (Directory.Exists(Path.Combine(node, "node_modules", "fast-jwt")))
            {
                return node;
            }
        }

        return null;
    }
}
