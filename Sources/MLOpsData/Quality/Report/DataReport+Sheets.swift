internal import MLOpsCore

extension DataReport {
    /// A contact sheet of every issue and leak that names records.
    var suspects: [HTMLPage.Block] {
        var blocks: [HTMLPage.Block] = []
        if !leaks.isEmpty {
            let kinds = Leak.Kind.allCases.compactMap { kind -> String? in
                let count = leaks.count { $0.kind == kind }
                return count > 0 ? "\(grouped(count)) \(DataIssue.Kind(kind.rawValue).title)" : nil
            }
            blocks += [
                .heading("Leaks between the parts"),
                .paragraph("\(kinds.joined(separator: ", ")). \(shown(leaks.count))"),
                .pictures(
                    leaks.prefix(Self.sheetLimit).compactMap { leak in
                        pair(
                            leak.first, leak.second,
                            "\(leak.first) (\(leak.firstSide)) | \(leak.second) (\(leak.secondSide))"
                                + (leak.kind == .nearDuplicate ? ", \(Int(leak.distance)) of 128 bits differ" : ""))
                    }),
            ]
        }
        let labels = Dictionary(version.entries.map { ($0.id, $0.label ?? "no label") }, uniquingKeysWith: { $1 })
        for issue in issues where !issue.records.isEmpty {
            let isPairs = issue.kind == .nearDuplicate
            let count = isPairs ? issue.records.count / 2 : issue.records.count
            let sheet: [HTMLPage.Picture] =
                isPairs
                ? stride(from: 0, to: issue.records.count - 1, by: 2).prefix(Self.sheetLimit).compactMap {
                    let (a, b) = (issue.records[$0], issue.records[$0 + 1])
                    return pair(a, b, "\(a) | \(b)")
                }
                : issue.records.prefix(Self.sheetLimit).compactMap { id in
                    picture(id, "\(id), labeled \(labels[id] ?? "")")
                }
            guard !sheet.isEmpty else { continue }
            let title = issue.kind.title
            blocks += [
                .heading("Suspects: \(title)"), .paragraph("\(issue.summary) \(shown(count))"), .pictures(sheet),
            ]
        }
        return blocks
    }

    private func shown(_ count: Int) -> String {
        count > Self.sheetLimit ? "The first \(Self.sheetLimit) are shown." : ""
    }

    private func picture(_ id: String, _ caption: String) -> HTMLPage.Picture? {
        guard let image = thumbnails[id], let bytes = try? image.jpeg(quality: 85) else { return nil }
        return HTMLPage.Picture(Array(bytes), mediaType: "image/jpeg", caption: caption)
    }

    private func pair(_ first: String, _ second: String, _ caption: String) -> HTMLPage.Picture? {
        guard let a = thumbnails[first], let b = thumbnails[second],
            let bytes = try? Image(a, beside: b).jpeg(quality: 85)
        else { return nil }
        return HTMLPage.Picture(Array(bytes), mediaType: "image/jpeg", caption: caption)
    }
}

extension Image {
    /// Two pictures side by side on white, their upper edges in line, four pixels apart.
    fileprivate init(_ left: Image, beside right: Image) throws {
        let (width, height) = (left.width + 4 + right.width, max(left.height, right.height))
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        for (image, start) in [(left, 0), (right, left.width + 4)] {
            for y in 0..<image.height {
                let row = image.pixels[y * image.width * 3..<(y + 1) * image.width * 3]
                let place = (y * width + start) * 3
                pixels.replaceSubrange(place..<place + row.count, with: row)
            }
        }
        try self.init(width: width, height: height, pixels: pixels)
    }
}
