using System.IO.Compression;
using Juke.Server.Gate;
using Juke.Server.Plumbing;
using Juke.Server.Web.Onboarding;
using Juke.Server.Web.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.ResponseCompression;

namespace Juke.Server.Web;

/// <summary>The hosted pages: a second face of the same use cases. Which page is for whom stands here, once.</summary>
internal static class HostedPages
{
    public static void AddPages(this IServiceCollection services, Settings settings)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddSingleton<WebFiles>();
        services.AddSingleton<StepSearch>();
        services.AddSingleton<Wizard>();
        services.AddSingleton<TripEnds>();
        services.AddSingleton<SpotifyPages>();
        services.AddSingleton<GooglePages>();
        services.AddSingleton<OldSpotifyPaths>();
        services.AddSingleton<IPageGate, PageGate>();
        services.AddSingleton<IProblemPage, ProblemPages>();
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, BoundToSession>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = Cookies.Name(settings, "juke_antiforgery");
            options.Cookie.Path = "/";
            options.Cookie.HttpOnly = true;
            // Lax, because a link in a mail opens a form: with Strict each such visit would make the open tabs stale.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = settings.IsProduction ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            options.FormFieldName = "antiforgery";
            options.SuppressXFrameOptionsHeader = true;
        });

        // Secrets in pages (antiforgery) are encrypted anew for each reply, so compression gives nothing away (BREACH).
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json"];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
    }

    public static void UseAssets(this WebApplication app)
    {
        // Razor makes a URL of whatever host was asked for, and throws where that cannot be: pages know one host, as mails do.
        var host = HostString.FromUriComponent(app.Services.GetRequiredService<Settings>().PublicUrl);
        app.Use((http, next) =>
        {
            http.Request.Host = host;
            return next(http);
        });
        app.UseResponseCompression();
        app.UseStaticFiles(app.Services.GetRequiredService<WebFiles>().Options);
    }

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var anyone = routes.Pages(PageKind.Anyone);
        LandingPage.Map(anyone);
        ForgotPasswordPage.Map(anyone);
        ResetPasswordPage.Map(anyone);
        VerifyEmailPage.Map(anyone);
        VerifyUserPage.Map(anyone);
        SignOutPage.Map(anyone);
        OfflinePage.Map(anyone);
        ConnectSpotifyPage.Map(anyone);
        SpotifyPages.MapCallback(anyone);
        GooglePages.MapCallback(anyone);
        OldSpotifyPaths.Map(anyone);

        var guests = routes.Pages(PageKind.Guest);
        LoginPage.Map(guests);
        RegisterPage.Map(guests);
        SpotifyPages.MapStart(guests);
        GooglePages.MapStart(guests);

        Wizard.Map(routes.Pages(PageKind.Onboarding));

        var signedIn = routes.Pages(PageKind.SignedIn);
        SettingsPage.Map(signedIn);
        SpotifyPages.MapConnect(signedIn);
        UsernameCheck.Map(signedIn);

        var onboarded = routes.Pages(PageKind.Onboarded);
        HomePage.Map(onboarded);
        ProfilePage.Map(onboarded);
    }

    private static RouteGroupBuilder Pages(this IEndpointRouteBuilder routes, PageKind kind)
    {
        var group = routes.MapGroup("");
        group.WithMetadata(new IsPage(kind)).ExcludeFromDescription();
        group.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            // What antiforgery would write itself; written after anything else it would complain in the log, page by page.
            http.Response.Headers.CacheControl = "no-cache, no-store";
            // What the Gate knows nothing of: a page that is not for people who are further along.
            return PageRoutes.Redirect(kind, VisitorOf(http), PageRoutes.Here(http.Request), NextPath.Of(http.Request)) is { } elsewhere
                ? new SeeOther(elsewhere)
                : await next(context);
        });
        return group;
    }

    private static Visitor VisitorOf(HttpContext http) => PageRoutes.VisitorOf(CurrentUser.Find(http)?.Account.OnboardingRequired);
}
