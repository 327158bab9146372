using System;
using System.IO;
using System.Web.Hosting;

namespace ChatAuth.NetFramework.Host;

/// <summary>
/// Serves samples/netframework by ASP.NET on .NET Framework or Mono: writes its address, ends with its standard input.
/// </summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("No folder was given. Give one for the site: ChatAuth.NetFramework.Host.exe SITE");
            Environment.Exit(1);
        }

        // ASP.NET loads what lies in the folder bin of the site.
        var site = args[0];
        var bin = Directory.CreateDirectory(Path.Combine(site, "bin")).FullName;
        foreach (var file in Directory.GetFiles(AppDomain.CurrentDomain.BaseDirectory))
        {
            File.Copy(file, Path.Combine(bin, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(site, "web.config"), @"<?xml version=""1.0""?>
<configuration>
  <system.web>
    <authentication mode=""Forms"" />
    <httpRuntime targetFramework=""4.6.2"" maxQueryStringLength=""8192"" />
    <httpHandlers>
      <clear />
      <add verb=""*"" path=""*"" type=""ChatAuth.NetFramework.ChatAuthHandler, ChatAuth.NetFramework.Host"" />
    </httpHandlers>
  </system.web>
</configuration>
");
        var portal = (Portal)ApplicationHost.CreateApplicationHost(typeof(Portal), "/", site);
        Console.WriteLine(portal.Start());
        Console.In.ReadToEnd();
        Environment.Exit(0);
    }
}
