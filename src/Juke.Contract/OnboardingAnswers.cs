using Juke.Contract.Profiles;

namespace Juke.Contract;

/// <summary>
/// The limits of the definition, which bind the hosted pages and <c>POST /auth/onboarding/complete</c>, never a PATCH: the
/// shipped profile editor sends free lists (contract §6).
/// </summary>
public static class OnboardingAnswers
{
    /// <summary>What of a change goes beyond the definition. Only answers that the change gives are judged, never stored ones.</summary>
    /// <param name="definition">What is asked.</param>
    /// <param name="change">The change, accepted by <see cref="ProfileRules"/>.</param>
    /// <returns>Empty when fine.</returns>
    public static IReadOnlyList<FieldError> Check(OnboardingDefinition definition, ProfileChange change)
    {
        var errors = new List<FieldError>();
        var hated = CustomDataObject.KnownAnswers(change.CustomData.Set).HatedGenres;
        foreach (var step in definition.Steps)
        {
            var entries = step.Field switch
            {
                "favorite_genres" => change.FavoriteGenres.Value,
                "favorite_artists" => change.FavoriteArtists.Value,
                "custom_data.hated_genres" => hated,
                _ => null,
            };
            if (entries is not null) errors.AddRange(Check(step, entries));
        }
        return errors;
    }

    /// <summary>What of the entries chosen for one step goes beyond it.</summary>
    /// <param name="step">The question.</param>
    /// <param name="entries">Of a list all of them, of any other answer the one.</param>
    /// <returns>Empty when fine, and for no entries: whether one is needed is for progress to say.</returns>
    public static IReadOnlyList<FieldError> Check(OnboardingStep step, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0 || step.Field is not { } field) return [];
        var errors = new List<FieldError>();
        if (step.Kind is StepKind.Choices or StepKind.Artist && step.Limits is { } limits && entries.Count > limits.Max)
            errors.Add(new(field, Messages.TooManyElements(limits.Max)));
        if (step.Options.Count > 0 && entries.FirstOrDefault(e => step.Options.All(o => o.Id != e)) is { } stranger)
            errors.Add(new(field, Messages.NotAChoice(stranger)));
        return errors;
    }
}
