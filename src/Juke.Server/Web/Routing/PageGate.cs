using Juke.Contract;
using Juke.Server.Gate;
using Juke.Server.Plumbing;

namespace Juke.Server.Web;

/// <summary>How the Gate turns a page away: with a redirect to the page that comes first.</summary>
internal sealed class PageGate : IPageGate
{
    bool IPageGate.IsPage(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IsPage>() is not null;

    public void TurnAway(HttpContext http, Problem problem)
    {
        var kind = http.GetEndpoint()!.Metadata.GetRequiredMetadata<IsPage>().Kind;
        var visitor = problem.Code == ProblemCode.OnboardingRequired ? Visitor.Required : Visitor.Guest;
        SeeOther.To(http, PageRoutes.Redirect(kind, visitor, PageRoutes.Here(http.Request), NextPath.Of(http.Request)) ?? PageRoutes.Login);
    }
}
