using FsCheck;
using FsCheck.Fluent;
using Juke.Server.Catalogue;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Catalogue;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("São Paulo", "sao paulo")]
    [InlineData("SAO  PAULO", "sao paulo")]
    [InlineData("Sa\u0303o-Paulo", "sao paulo")]
    [InlineData("Zürich", "zurich")]
    [InlineData("Łódź", "lodz")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Iğdır", "igdir")]
    [InlineData("Köln", "koln")]
    [InlineData("København", "kobenhavn")]
    [InlineData("Gießen", "giessen")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("Đà Nẵng", "da nang")]
    [InlineData("Ísafjörður", "isafjordur")]
    [InlineData("Ærøskøbing", "aeroskobing")]
    [InlineData("Þorlákshöfn", "thorlakshofn")]
    [InlineData("Gəncə", "gence")]
    [InlineData("Xi’an", "xian")]
    [InlineData("Xi'an", "xian")]
    [InlineData("St. Louis", "st louis")]
    [InlineData("Washington, D.C.", "washington dc")]
    [InlineData(" Stratford-upon-Avon ", "stratford upon avon")]
    [InlineData("Ｔｏｋｙｏ", "tokyo")]
    [InlineData("МОСКВА", "москва")]
    [InlineData("Ἀθῆναι", "αθηναι")]
    [InlineData("東京", "東京")]
    [InlineData("a|b\nc\td", "a b c d")]
    [InlineData("", "")]
    [InlineData(" \t-,.' ", "")]
    [InlineData("a\0", "")]
    public void Spellings_of_one_place_fold_to_one_text(string text, string folded) => Folding.Fold(text).ShouldBe(folded);

    [Fact]
    public void A_lone_surrogate_folds_to_nothing() => Folding.Fold("a\ud800").ShouldBe("");

    [Fact]
    public void Folding_twice_changes_nothing_and_leaves_neither_sign_of_the_index() =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
        {
            var once = Folding.Fold(text ?? "");
            return Folding.Fold(once) == once && !once.Contains('|', StringComparison.Ordinal) && !once.Contains('\n', StringComparison.Ordinal);
        }));

    [Fact]
    public void The_packed_aliases_are_folded_as_the_server_folds()
    {
        var index = CityIndex.Load();
        index.Aliases.Count().ShouldBeGreaterThan(50_000);
        index.Aliases.Where(alias => Folding.Fold(alias) != alias).Take(20)
            .ShouldBeEmpty("Folding.cs and docs/how-to/refresh-cities.mjs fold differently: make them equal, then pack the list again (docs/how-to/refresh-cities.md).");
    }
}
