/// A report as one HTML file: no script, no outside asset, light and dark, fit for print.
///
/// Every text is escaped, so names that come from data are safe to show.
public struct HTMLPage: Sendable, Hashable {
    /// One part of the page; parts follow each other from top to bottom.
    public enum Block: Sendable, Hashable {
        /// A heading; level 2 for a section, 3 for one below it.
        case heading(String, level: Int = 2)
        /// A paragraph of text.
        case paragraph(String)
        /// Text as it stands, line by line, in a font of one width; such as what a command printed.
        case preformatted(String)
        /// A verdict as a badge, with one line that says about what.
        case badge(Verdict, String)
        /// Names with their values, such as digests and dates.
        case facts([Fact])
        /// A table; a row may be shorter than the header.
        case table(header: [String], rows: [[Cell]])
        /// A chart and what it shows.
        case figure(SVG, caption: String)
        /// Pictures side by side, each with its caption.
        case pictures([Picture])
    }

    /// A name with its value.
    public struct Fact: Sendable, Hashable {
        /// What it is.
        public var name: String
        /// The value.
        public var value: String

        /// Pairs a name with a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One cell of a table.
    public enum Cell: Sendable, Hashable, ExpressibleByStringLiteral {
        /// Text, flush left.
        case text(String)
        /// A number as text, flush right.
        case number(String)
        /// A verdict as a badge.
        case verdict(Verdict)

        /// A cell of text.
        public init(stringLiteral value: String) { self = .text(value) }
    }

    /// An encoded picture, which the page holds itself.
    public struct Picture: Sendable, Hashable {
        /// The encoded bytes, such as a JPEG.
        public var bytes: [UInt8]
        /// Their media type, such as `image/jpeg`; of another kind than `image/…` the caption alone is shown.
        public var mediaType: String
        /// What it shows.
        public var caption: String

        /// Makes a picture of its encoded bytes.
        public init(_ bytes: [UInt8], mediaType: String, caption: String) {
            self.bytes = bytes
            self.mediaType = mediaType
            self.caption = caption
        }
    }

    /// What the page is called.
    public var title: String
    /// A line below the title; empty for none.
    public var subtitle: String
    /// The parts, from top to bottom.
    public var blocks: [Block]

    /// Makes a page.
    public init(title: String, subtitle: String = "", blocks: [Block] = []) {
        self.title = title
        self.subtitle = subtitle
        self.blocks = blocks
    }

    /// One picture with its caption.
    public static func picture(_ bytes: [UInt8], mediaType: String, caption: String) -> Block {
        .pictures([Picture(bytes, mediaType: mediaType, caption: caption)])
    }
}
