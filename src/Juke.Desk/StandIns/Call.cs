namespace Juke.Desk.StandIns;

/// <summary>That somebody called; nothing of what was said.</summary>
/// <param name="Endpoint">Its name, as faults call it.</param>
/// <param name="GrantType">Of a call to the token endpoint, as it was sent; null elsewhere.</param>
/// <param name="At">When, by the stand-in's clock.</param>
internal sealed record Call(string Endpoint, string? GrantType, DateTimeOffset At);
