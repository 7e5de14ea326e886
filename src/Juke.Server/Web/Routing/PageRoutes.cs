using Juke.Contract;

namespace Juke.Server.Web;

/// <summary>For whom a page is.</summary>
internal enum PageKind
{
    /// <summary>Whoever comes; also where a mailed link leads, on whichever device it is opened.</summary>
    Anyone,

    /// <summary>Who is not signed in.</summary>
    Guest,

    /// <summary>Who is signed in and still has questions to answer.</summary>
    Onboarding,

    /// <summary>Who is signed in.</summary>
    SignedIn,

    /// <summary>Who is signed in and done with onboarding.</summary>
    Onboarded,
}

/// <summary>Who comes: the three states that the seed tells apart.</summary>
internal enum Visitor
{
    Guest,
    Required,
    Done,
}

/// <summary>Marks an endpoint as a page, and says whose.</summary>
internal sealed record IsPage(PageKind Kind);

/// <summary>The seed's routing table (§3 Routing Rules): one pure function for the Gate, the pages and every sign-in.</summary>
internal static class PageRoutes
{
    public const string Home = "/home";
    public const string Login = "/login";
    public const string Onboarding = "/onboarding";

    /// <summary>Where to send the visitor instead, or null when the page is theirs.</summary>
    /// <param name="page">For whom the page is.</param>
    /// <param name="visitor">Who comes.</param>
    /// <param name="here">The page's own address: where a guest comes back to after signing in.</param>
    /// <param name="next">A checked address that the visitor was on the way to, or null.</param>
    public static string? Redirect(PageKind page, Visitor visitor, string here, string? next) => (page, visitor) switch
    {
        (PageKind.Anyone, _) => null,
        (PageKind.Guest, Visitor.Guest) => null,
        (PageKind.Guest, _) => AfterSignIn(visitor, next),
        (_, Visitor.Guest) => With(Login, here),
        (PageKind.Onboarding, Visitor.Done) => next ?? Home,
        (PageKind.Onboarded, Visitor.Required) => Onboarding,
        _ => null,
    };

    /// <summary>Where a sign-in leads. The way to go on is kept through onboarding.</summary>
    public static string AfterSignIn(Visitor visitor, string? next) => visitor == Visitor.Required ? With(Onboarding, next) : next ?? Home;

    /// <summary>An address that remembers where to go on.</summary>
    public static string With(string path, string? next) => next is null ? path : $"{path}?next={Uri.EscapeDataString(next)}";

    /// <summary>The state of a visitor; null means that nobody is signed in.</summary>
    public static Visitor VisitorOf(bool? onboardingRequired) => onboardingRequired switch
    {
        null => Visitor.Guest,
        true => Visitor.Required,
        false => Visitor.Done,
    };

    /// <summary>The address to come back to: the request's own, or for a form the page that it stands on.</summary>
    public static string Here(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        if (HttpMethods.IsGet(request.Method)) return NextPath.Check(path + request.QueryString) ?? Home;
        return NextPath.Check("/" + path.Split('/', 3)[1]) ?? Home;
    }
}
