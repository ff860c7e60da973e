/// The JSON of Label Studio's tasks.
enum LabelStudioDocument {
    struct Task: Codable {
        var id: Int?
        var data: [String: JSONScalar]
        var annotations: [Result]?
        var predictions: [Result]?
    }

    /// What one person or model said of a task.
    struct Result: Codable {
        var result: [Region]
        var completed_by: Person?
        var was_cancelled: Bool?
        var model_version: JSONScalar?
        var score: Double?
    }

    /// A person's number, or an object with an address.
    enum Person: Codable {
        case scalar(JSONScalar)
        case address(String?)

        private enum CodingKeys: String, CodingKey { case id, email }

        var text: String? {
            switch self {
            case .scalar(let value): value.text
            case .address(let text): text
            }
        }

        init(_ text: String) {
            let number = JSONScalar(text)
            if case .integer = number { self = .scalar(number) } else { self = .address(text) }
        }

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: CodingKeys.self) {
                let email = try container.decodeIfPresent(String.self, forKey: .email)
                self = .address(try email ?? container.decodeIfPresent(JSONScalar.self, forKey: .id)?.text)
            } else {
                self = .scalar(try JSONScalar(from: decoder))
            }
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .scalar(let value): try value.encode(to: encoder)
            case .address(let text):
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(text, forKey: .email)
            }
        }
    }

    struct Region: Codable {
        var id: String?
        var type: String?
        var from_name: String?
        var to_name: String?
        var original_width: Int?
        var original_height: Int?
        var image_rotation: Double?
        var score: Double?
        var value: Value?
    }

    /// Numbers are percent of the picture's width or height.
    struct Value: Codable {
        var x: Double?
        var y: Double?
        var width: Double?
        var height: Double?
        var rotation: Double?
        var points: [[Double]]?
        var closed: Bool?
        var rectanglelabels: [String]?
        var polygonlabels: [String]?
        var keypointlabels: [String]?
        var choices: [String]?
        var text: Texts?
    }

    /// One text or several.
    enum Texts: Codable {
        case all([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .all([text])
            } else {
                self = .all(try container.decode([String].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            guard case .all(let texts) = self else { return }
            var container = encoder.singleValueContainer()
            try container.encode(texts)
        }
    }
}
