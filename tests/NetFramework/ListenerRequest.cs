using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Web;

namespace ChatAuth.NetFramework.Host;

/// <summary>A request of HttpListener as ASP.NET takes it.</summary>
#pragma warning disable CA1001 // a MemoryStream holds nothing
internal sealed class ListenerRequest : HttpWorkerRequest
#pragma warning restore CA1001
{
    private readonly HttpListenerContext context;
    private readonly MemoryStream answer = new MemoryStream();
    private bool isEnded;

    public ListenerRequest(HttpListenerContext context) => this.context = context;

    private HttpListenerRequest Request => context.Request;

    private HttpListenerResponse Response => context.Response;

    public override string GetUriPath() => Request.Url.AbsolutePath;

    public override string GetFilePath() => GetUriPath();

    public override string GetPathInfo() => string.Empty;

    public override string GetAppPath() => HttpRuntime.AppDomainAppVirtualPath;

    public override string GetAppPathTranslated() => HttpRuntime.AppDomainAppPath;

    public override string MapPath(string virtualPath) =>
        Path.Combine(GetAppPathTranslated(), virtualPath.Trim('/').Replace('/', Path.DirectorySeparatorChar));

    public override string GetQueryString() => Request.Url.Query.TrimStart('?');

    public override string GetRawUrl() => Request.RawUrl;

    public override string GetHttpVerbName() => Request.HttpMethod;

    public override string GetHttpVersion() => "HTTP/1.1";

    public override string GetRemoteAddress() => Request.RemoteEndPoint.Address.ToString();

    public override int GetRemotePort() => Request.RemoteEndPoint.Port;

    public override string GetLocalAddress() => Request.LocalEndPoint.Address.ToString();

    public override int GetLocalPort() => Request.LocalEndPoint.Port;

    public override string GetKnownRequestHeader(int index) => Request.Headers[GetKnownRequestHeaderName(index)];

    public override string GetUnknownRequestHeader(string name) => Request.Headers[name];

    public override string[][] GetUnknownRequestHeaders()
    {
        var unknown = new List<string[]>();
        foreach (var name in Request.Headers.AllKeys)
        {
            if (GetKnownRequestHeaderIndex(name) < 0)
            {
                unknown.Add([name, Request.Headers[name]]);
            }
        }

        return unknown.ToArray();
    }

    public override int ReadEntityBody(byte[] buffer, int size) => Request.InputStream.Read(buffer, 0, size);

    public override int ReadEntityBody(byte[] buffer, int offset, int size) =>
        Request.InputStream.Read(buffer, offset, size);

    public override void SendStatus(int statusCode, string statusDescription) => Response.StatusCode = statusCode;

    public override void SendKnownResponseHeader(int index, string value) =>
        SendUnknownResponseHeader(GetKnownResponseHeaderName(index), value);

    public override void SendUnknownResponseHeader(string name, string value)
    {
        if (!WebHeaderCollection.IsRestricted(name))
        {
            Response.AppendHeader(name, value);
        }
        else if (name == "Content-Type")
        {
            Response.ContentType = value;
        }
    }

    public override void SendResponseFromMemory(byte[] data, int length) => answer.Write(data, 0, length);

    public override void SendResponseFromFile(string filename, long offset, long length) =>
        throw new NotSupportedException();

    public override void SendResponseFromFile(IntPtr handle, long offset, long length) =>
        throw new NotSupportedException();

    // Mono ends a request here and never comes to EndOfRequest.
    public override void FlushResponse(bool finalFlush)
    {
        if (finalFlush)
        {
            EndOfRequest();
        }
    }

    public override void EndOfRequest()
    {
        if (isEnded)
        {
            return;
        }

        // HttpListener sends no body after HEAD and 304 only if none is written.
        isEnded = true;
        if (answer.Length > 0)
        {
            Response.OutputStream.Write(answer.GetBuffer(), 0, (int)answer.Length);
        }

        Response.Close();
    }
}
