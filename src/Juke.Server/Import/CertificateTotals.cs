namespace Juke.Server.Import;

/// <summary>Totals of a certificate: users and fields, each adding up to all of them.</summary>
internal sealed record CertificateTotals
{
    public long Users { get; set; }

    /// <summary>Users of whom everything is accounted for.</summary>
    public long Complete { get; set; }

    /// <summary>Accounted for too: deleted here after they came.</summary>
    public long DeletedHere { get; set; }

    /// <summary>Accounted for too: the database refuses them, or all but an account that nobody signs in to; their rows are kept.</summary>
    public long Rejected { get; set; }

    /// <summary>Users of whom something is neither here nor explained; changes that no run has taken yet count as well.</summary>
    public long Missing { get; set; }

    public long Fields { get; set; }
    public long Mapped { get; set; }
    public long NewerHere { get; set; }

    /// <summary>Among those: Spotify links that are here no more. Told apart because nobody can see from the rows who removed them.</summary>
    public long LinksRemoved { get; set; }

    public long Conflicts { get; set; }

    /// <summary>Fields whose whole value is kept beside the account.</summary>
    public long FieldsAside { get; set; }

    /// <summary>Fields that were not brought over, each with its reason.</summary>
    public long FieldsRejected { get; set; }

    public long FieldsMissing { get; set; }

    /// <summary>Values kept beside the accounts.</summary>
    public long Aside { get; set; }

    /// <summary>Values that were not brought over, each with its reason.</summary>
    public long NotBroughtOver { get; set; }

    /// <summary>Rows of the old database that belong to nobody.</summary>
    public long Strays { get; set; }

    /// <summary>Those of them that are kept.</summary>
    public long StraysKept { get; set; }

    public bool IsWhole => Missing == 0 && Complete + DeletedHere + Rejected == Users && StraysKept == Strays;
}
