/// The JSON of COCO's object detection and keypoint annotations.
struct COCODocument: Codable {
    var images: [Picture]
    var annotations: [Mark]
    var categories: [Category]

    struct Picture: Codable {
        var id: JSONScalar
        var file: String
        var width: Int?
        var height: Int?
        var attributes: [String: String] = [:]
        /// Whether the picture has values that are no scalars.
        var hasMore = false

        init(id: JSONScalar, file: String, size: AnnotatedImage.Size?, attributes: [String: String]) {
            (self.id, self.file, self.attributes) = (id, file, attributes)
            (width, height) = (size?.width, size?.height)
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: JSONKey.self)
            id = try container.decode(JSONScalar.self, forKey: JSONKey("id"))
            file = try container.decode(String.self, forKey: JSONKey("file_name"))
            width = try container.decodeIfPresent(Int.self, forKey: JSONKey("width"))
            height = try container.decodeIfPresent(Int.self, forKey: JSONKey("height"))
            for key in container.allKeys where !["id", "file_name", "width", "height"].contains(key.stringValue) {
                let value = try container.decode(JSONScalar.self, forKey: key)
                attributes[key.stringValue] = value.text
                if value == .compound { hasMore = true }
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: JSONKey.self)
            for (key, value) in attributes { try container.encode(JSONScalar(value), forKey: JSONKey(key)) }
            try container.encode(id, forKey: JSONKey("id"))
            try container.encode(file, forKey: JSONKey("file_name"))
            try container.encodeIfPresent(width, forKey: JSONKey("width"))
            try container.encodeIfPresent(height, forKey: JSONKey("height"))
        }
    }

    struct Mark: Codable {
        var id: JSONScalar
        var image_id: JSONScalar
        var category_id: JSONScalar?
        var bbox: [Double]?
        var area: Double?
        var iscrowd: Int?
        var segmentation: Segmentation?
        var keypoints: [Double]?
        var num_keypoints: Int?
        var attributes: [String: JSONScalar]?
        var score: Double?
    }

    struct Category: Codable {
        var id: JSONScalar
        var name: String
        var supercategory: String?
        var keypoints: [String]?
        var skeleton: [[Int]]?
    }

    /// Outlines, or the runs of a mask as a list or in COCO's own packing.
    enum Segmentation: Codable {
        case outlines([[Double]])
        case mask(size: [Int], counts: [Int])

        private enum CodingKeys: String, CodingKey { case size, counts }

        init(from decoder: any Decoder) throws {
            if let outlines = try? [[Double]](from: decoder) {
                self = .outlines(outlines)
                return
            }
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let size = try container.decode([Int].self, forKey: .size)
            if let counts = try? container.decode([Int].self, forKey: .counts) {
                self = .mask(size: size, counts: counts)
                return
            }
            let packed = try container.decode(String.self, forKey: .counts)
            guard let counts = RunLengthMask.counts(packed: packed) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .counts, in: container, debugDescription: "The packed runs of a mask are broken.")
            }
            self = .mask(size: size, counts: counts)
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .outlines(let outlines):
                var container = encoder.singleValueContainer()
                try container.encode(outlines)
            case .mask(let size, let counts):
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(size, forKey: .size)
                try container.encode(counts, forKey: .counts)
            }
        }
    }
}

extension RunLengthMask {
    /// The runs in COCO's packing: five bits a character from `0` on, the sixth for 'more follows', the difference to
    /// the run before the last from the third run on. `nil` when broken. Source: pycocotools, `maskApi.c`.
    static func counts(packed: String) -> [Int]? {
        var counts: [Int] = []
        var (value, shift) = (0, 0)
        for byte in packed.utf8 {
            guard byte >= 48, byte < 48 + 64, shift <= 30 else { return nil }
            let bits = Int(byte) - 48
            value |= (bits & 31) << shift
            shift += 5
            if bits & 32 != 0 { continue }
            if bits & 16 != 0 { value |= -1 << shift }
            if counts.count > 2 { value += counts[counts.count - 2] }
            guard value >= 0, value <= maxPixels else { return nil }
            counts.append(value)
            (value, shift) = (0, 0)
        }
        return shift == 0 ? counts : nil
    }
}
