using System.Runtime.CompilerServices;
using Juke.Contract;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;

namespace Juke.Server.Gate;

/// <summary>How much a route asks of its caller.</summary>
internal enum Level
{
    /// <summary>The default: signed in, and onboarding done.</summary>
    Onboarded,

    /// <summary>Signed in.</summary>
    SignedIn,

    /// <summary>Nothing.</summary>
    Anonymous,
}

/// <summary>
/// May this request pass, and if not, what next. One middleware in front of every route (the seed's
/// <c>requireOnboardingComplete</c>): closed by default, decided from the database on each request.
/// </summary>
internal sealed class OnboardingGate(RequestDelegate next, Credentials credentials, Limits limits, Progress progress, IPageGate? pages = null)
{
    private static readonly ConditionalWeakTable<Endpoint, object> Levels = [];

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is not RouteEndpoint route)
        {
            await next(http); // Unknown path, or a method that the path does not have: nothing to protect.
            return;
        }

        var level = LevelOf(route);
        if (level == Level.Anonymous && HttpMethods.IsPost(http.Request.Method) && limits.CheckAddress(http) is { } tooMany)
        {
            await Problems.ReplyAsync(http, tooMany);
            return;
        }

        var isPage = pages?.IsPage(route) ?? false;
        if (level != Level.Anonymous || isPage)
        {
            var user = isPage ? await credentials.FromCookieAsync(http) : await credentials.FromHeaderAsync(http);
            if (user is not null) http.Features.Set(user);
            if (Judge(level, user) is { } problem)
            {
                if (problem.Code == ProblemCode.OnboardingRequired) Metrics.GateRefused();
                if (isPage) pages!.TurnAway(http, problem);
                else if (problem.Code == ProblemCode.OnboardingRequired)
                    await Problems.WriteAsync(http, problem with { Missing = await progress.MissingAsync(user!.Account, http.RequestAborted) });
                else await Problems.WriteAsync(http, problem.Code == ProblemCode.Unauthorized ? OldTexts.Unauthorized(http, http.Features.Get<RefusedCredential>()?.Reason) : problem);
                return;
            }
        }
        await next(http);
    }

    /// <summary>The decision itself: null lets the request pass.</summary>
    public static Problem? Judge(Level level, CurrentUser? user) => (level, user) switch
    {
        (Level.Anonymous, _) => null,
        (_, null) => Problem.Unauthorized,
        (Level.Onboarded, { Account: { OnboardingRequired: true } account }) =>
            new Problem(ProblemCode.OnboardingRequired, "Onboarding required. Please complete onboarding first.")
            {
                Missing = OnboardingDefinition.Missing(account.UsernameMissing),
            },
        _ => null,
    };

    /// <summary>What the lists say of a route; worked out once per endpoint.</summary>
    public static Level LevelOf(RouteEndpoint endpoint) => (Level)Levels.GetValue(endpoint, static e => WorkOut((RouteEndpoint)e));

    /// <summary>The route as the lists write it: <c>METHOD /pattern</c>.</summary>
    public static IEnumerable<string> NamesOf(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
        var pattern = "/" + endpoint.RoutePattern.RawText?.Trim('/');
        return methods is { Count: > 0 } ? methods.Select(m => $"{m} {pattern}") : [$"ANY {pattern}"];
    }

    private static object WorkOut(RouteEndpoint endpoint)
    {
        var names = NamesOf(endpoint).ToList();
        if (names.TrueForAll(n => OpenRoutes.Anonymous.Contains(n, StringComparer.Ordinal))) return Level.Anonymous;
        return names.TrueForAll(n => OpenRoutes.SignedIn.Contains(n, StringComparer.Ordinal)) ? Level.SignedIn : Level.Onboarded;
    }
}

/// <summary>How the hosted pages are told apart and turned away (redirects in place of problems). Implemented by Web.</summary>
internal interface IPageGate
{
    bool IsPage(Endpoint endpoint);

    void TurnAway(HttpContext http, Problem problem);
}
