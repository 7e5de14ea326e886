using Juke.Client;
using Juke.Contract.Wire;

var file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "juke-sample", "session");
await using var session = new Session(new SessionOptions { Server = new Uri(args[0]), Store = new FileTokenStore(file) });
session.Changed += (_, e) => Console.WriteLine($"{e.State.Status} {e.State.User?.Username}");

await session.StartAsync(); // Whoever was signed in still is.
if (session.State.Status == SessionStatus.Guest)
    await session.SignInAsync((juke, stop) => juke.LoginAsync(new LoginRequest(args[1], args[2]), stop));

while (RouteDecision.Decide(session.State, RouteKind.Protected) == RouteAction.ToOnboarding)
{
    var onboarding = await session.Juke.GetOnboardingAsync();
    Console.Write($"A username, for example {onboarding.SuggestedUsername}: ");
    try { await session.Juke.CompleteOnboardingAsync(Console.ReadLine() ?? ""); }
    catch (ProblemException e) { Console.WriteLine(e.Message); }
}

foreach (var fixture in (await session.Juke.UpcomingFixturesAsync()).Data) Console.WriteLine($"{fixture.KickoffAt:g} {fixture.Name}");
