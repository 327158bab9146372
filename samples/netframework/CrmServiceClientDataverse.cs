using System;
using System.Collections.Generic;
using System.Net;
using System.ServiceModel;
using System.ServiceModel.Security;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Tooling.Connector;

namespace ChatAuth.NetFramework;

/// <summary>Dataverse by the portal's own <see cref="CrmServiceClient"/>.</summary>
/// <remarks>
/// A client serves one thread, so each call has a clone; to clone signs nobody in. Without the affinity cookie calls
/// spread over the web servers of the environment. It does not wait out service protection while a visitor looks on.
/// One that could not sign in when it was made is not ready, and stays so: it answers as one that is not let in.
/// </remarks>
internal sealed class CrmServiceClientDataverse : IDataverse
{
    private readonly CrmServiceClient portals;

    /// <summary>Takes the portal's client, which is signed in as the application user.</summary>
    /// <param name="portals">It stays the portal's to dispose.</param>
    public CrmServiceClientDataverse(CrmServiceClient portals) =>
        this.portals = portals ?? throw new ArgumentNullException(nameof(portals));

    /// <inheritdoc/>
    public DataverseAnswer Execute(string message, IDictionary<string, object> parameters)
    {
        var request = new OrganizationRequest(message);
        foreach (var parameter in parameters)
        {
            request[parameter.Key] = parameter.Value;
        }

        if (!portals.IsReady)
        {
            return new DataverseAnswer(401);
        }

        using (var client = portals.Clone())
        {
            client.EnableAffinityCookie = false;
            client.MaxRetryCount = 0;
            try
            {
                return new DataverseAnswer(client.Execute(request).Results);
            }
            catch (FaultException<OrganizationServiceFault> refusal)
            {
                return new DataverseAnswer(refusal.Detail);
            }
            catch (CommunicationException unexpected) when (StatusOf(unexpected) is HttpStatusCode status)
            {
                return new DataverseAnswer((int)status);
            }
        }
    }

    // No answer of the organization service: a gateway's status, or a page for people (200); null for none at all.
    private static HttpStatusCode? StatusOf(CommunicationException unexpected) =>
        (unexpected.InnerException as WebException)?.Response is HttpWebResponse response ? response.StatusCode
            : unexpected is MessageSecurityException ? HttpStatusCode.Unauthorized
            : unexpected is ServerTooBusyException ? HttpStatusCode.ServiceUnavailable
            : unexpected is ProtocolException ? HttpStatusCode.OK
            : (HttpStatusCode?)null;
}
