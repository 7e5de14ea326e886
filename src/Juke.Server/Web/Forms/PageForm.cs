using Juke.Contract;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Antiforgery;

namespace Juke.Server.Web;

/// <summary>A form of a page: what was typed, and what is wrong with it. Fields have the JSON names of the use case's request.</summary>
public sealed class PageForm
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> errors = new(StringComparer.Ordinal);

    /// <summary>A form that nobody has filled in yet.</summary>
    /// <param name="name">Tells several forms of one page apart; their fields' ids start with it.</param>
    public PageForm(string? name = null) => Prefix = name is null ? "" : name + "-";

    /// <summary>What ids of fields start with.</summary>
    public string Prefix { get; }

    /// <summary>A sentence above the form, or null while nothing is wrong.</summary>
    public string? Summary { get; private set; }

    /// <summary>Sentences by field.</summary>
    public IReadOnlyDictionary<string, string> Errors => errors;

    /// <summary>Whether the form may go to its use case.</summary>
    public bool IsFine => Summary is null;

    /// <summary>A free username that the refusal came with, or null.</summary>
    public string? Suggestion { get; private set; }

    /// <summary>Code of what was refused, or null.</summary>
    public string? Code { get; private set; }

    /// <summary>HTTP status of the page that shows this form.</summary>
    internal int Status => Code is null ? StatusCodes.Status200OK : ProblemCode.StatusOf(Code);

    /// <summary>What was typed into a field, or what stands there to begin with; never null.</summary>
    public string this[string field]
    {
        get => values.GetValueOrDefault(field, "");
        set => values[field] = value;
    }

    /// <summary>Everything that was sent under one name: boxes that were ticked.</summary>
    public IReadOnlyList<string> All(string field) => lists.GetValueOrDefault(field, []);

    /// <summary>What is wrong with a field, or null.</summary>
    public string? ErrorOf(string field) => errors.GetValueOrDefault(field);

    /// <summary>Reads what was posted. A form without a good antiforgery token is refused here, and keeps what was typed.</summary>
    internal static async Task<PageForm> ReadAsync(HttpContext http, string? name = null)
    {
        var form = new PageForm(name);
        try
        {
            if (http.Request.HasFormContentType)
            {
                foreach (var (field, value) in await http.Request.ReadFormAsync(http.RequestAborted))
                {
                    form.values[field] = value.Count == 0 ? "" : value[^1] ?? "";
                    form.lists[field] = [.. value.Select(v => v ?? "")];
                }
            }
            if (!await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http))
            {
                form.Refuse(new Problem(ProblemCode.BadRequest, Texts.Form_Stale));
                return form;
            }
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form could not be read.", e);
        }
        var unstorable = form.values.Where(v => !Text.IsWellFormed(v.Value) || form.lists[v.Key].Any(e => !Text.IsWellFormed(e)))
            .Select(v => (v.Key, Texts.Form_Unstorable)).ToList();
        if (unstorable.Count > 0)
        {
            foreach (var (field, _) in unstorable) (form.values[field], form.lists[field]) = ("", []);
            form.Refuse(Problem.Fields(unstorable));
        }
        return form;
    }

    /// <summary>The use case said no: its sentences go to their fields.</summary>
    /// <param name="problem">What it said.</param>
    /// <param name="field">The field that a problem without field lists is about; null when it is about none.</param>
    internal PageForm Refuse(Problem problem, string? field = null)
    {
        (Code, Suggestion) = (problem.Code, problem.Suggestion);
        if (problem.Errors is not null)
            foreach (var (name, sentences) in problem.Errors) errors[name] = string.Join(' ', sentences.Select(Sentences.Of));
        if (errors.Count == 0 && field is not null) errors[field] = Sentences.Of(problem.Detail);
        Summary = errors.Count > 0 ? Texts.Form_Wrong : Sentences.Of(problem.Detail);
        return this;
    }
}
