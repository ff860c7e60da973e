extension CroissantExport {
    /// The names of Croissant's vocabulary, as the specification lists them in its appendix.
    var context: [String: Any] {
        var context: [String: Any] = [
            "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
            "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
            "data": ["@id": "cr:data", "@type": "@json"], "dataType": ["@id": "cr:dataType", "@type": "@vocab"],
            "examples": ["@id": "cr:examples", "@type": "@json"],
        ]
        var names = [
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet",
            "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
            "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField",
            "transform",
        ]
        if specification == .v1_1 {
            names += ["arrayShape", "containedIn", "isArray"]
            context["name"] = ["@container": "@language"]
            context["description"] = ["@container": "@language"]
        }
        for name in names { context[name] = "cr:" + name }
        return context
    }
}
