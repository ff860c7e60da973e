/// What a catalog says of a dataset, whatever its version.
public struct CatalogEntry: Sendable, Hashable, Codable {
    /// Its name, unique in the catalog: letters, digits, `.`, `_` and `-`.
    public var name: String
    /// Its title, for people.
    public var title: String
    /// What it holds, how it came to be, and what it is for.
    public var description: String
    /// The person or team who answers for it.
    public var owner: String
    /// The license: an address such as `https://spdx.org/licenses/CC-BY-4.0.html`, an SPDX identifier, or words.
    public var license: String
    /// What allows the use of personal data in it.
    public var consent: ConsentBasis
    /// Words to find it by.
    public var tags: [String]
    /// The address of its page.
    public var url: String?
    /// How to cite it, in BibTeX.
    public var citation: String?

    /// Makes an entry.
    public init(
        name: String, title: String, description: String, owner: String, license: String, consent: ConsentBasis,
        tags: [String] = [], url: String? = nil, citation: String? = nil
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.owner = owner
        self.license = license
        self.consent = consent
        self.tags = tags
        self.url = url
        self.citation = citation
    }
}
