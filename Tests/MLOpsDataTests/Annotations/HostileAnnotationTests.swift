import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Annotation files that nobody vouches for") struct HostileAnnotationTests {
    @Test("Mutated files are read or refused, and what was read can be written", arguments: 0..<8)
    func mutatedFiles(index: Int) async throws {
        let format = AnnotationSamples.formats[index]
        let files = try format.files(of: AnnotationSamples.everything(), allowing: AnnotationSamples.all)
        var random = SeededGenerator(seed: 99, UInt64(index))
        let tokens = [
            "0", "-1", "1e308", "-1e999", "99999999999999999999", "1e18", "null", "\"", "<", ">", "/", "&", "&#0;", "[",
            "]", "{", "}", ",", ";", "\n", "\u{0}", "é", "NaN", "inf", "true", "<!DOCTYPE x>", "<![CDATA[", "]]>", "--",
            ":",
        ]
        var mutator = ByteMutator(seed: UInt64(index), tokens: tokens)
        var (read, refused) = (0, 0)
        try await MemoryBound().hold("\(format)") {
            for _ in 0..<ByteMutator.count {
                var mutated = files
                let place = random.integer(below: files.count)
                mutated[place].bytes = mutator.mutated(files[place].bytes)
                do {
                    let set = try format.set(from: mutated, allowing: AnnotationSamples.all)
                    read += 1
                    for other in AnnotationSamples.formats where random.integer(below: 4) == 0 {
                        do { _ = try other.files(of: set, allowing: AnnotationSamples.all) } catch is MLOpsError {}
                    }
                } catch is MLOpsError { refused += 1 }
            }
        }
        #expect(read > 0 && refused > 0, "\(read) read, \(refused) refused")
    }

    @Test(
        "XML with entities of its own, too deep, or in another encoding is refused",
        arguments: [
            "<!DOCTYPE a [<!ENTITY e \"ha\">]><annotation><filename>&e;</filename></annotation>",
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><annotation/>",
            "<annotation><filename>&e;</filename></annotation>", "<annotation><filename>&#0;</filename></annotation>",
            "<annotation><filename>a</folder></annotation>", "<annotation><filename>a", "<annotation x=\"1\" x=\"2\"/>",
            "<annotation x=1/>", "<annotation/><annotation/>", "", "annotation", "<other/>", "<annotation",
            "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><annotation/>", "<annotation>\u{0}<",
            "<annotation>" + String(repeating: "<object>", count: 100_000),
        ])
    func hostileXML(text: String) {
        #expect(throws: MLOpsError.self) { try PascalVOCFormat().set(from: [AnnotationFile("a.xml", Data(text.utf8))]) }
    }

    @Test("Well-formed XML of any style is read") func plainXML() throws {
        let text = """
            \u{FEFF}<?xml version='1.0'?><!-- a > b --><annotation verified="yes"><filename><![CDATA[a & b]]>.jpg</filename>
            <!-- <object> --><?skip me?><size><width>64</width><height>48</height></size><object><name>c&#x61;&#116;&amp;</name>
            <bndbox><xmin> 1 </xmin><ymin>2</ymin><xmax>4</xmax><ymax>8.5</ymax></bndbox></object></annotation >
            """
        let set = try PascalVOCFormat().set(from: [AnnotationFile("a.xml", Data(text.utf8))])
        #expect(set.images[0].file == "a & b.jpg")
        #expect(
            set.images[0].annotations == [
                Annotation("cat&", .box(BoundingBox(x: 0, y: 1, width: 4, height: 7.5)))
            ])
    }

    @Test("A mask of untold pixels is refused before memory is taken for it") func hugeMasks() {
        let xml = """
            <annotations><image id="0" name="a" width="9000000000" height="9000000000"><mask label="x" rle="81000000000000000000"
            left="0" top="0" width="9000000000" height="9000000000"/></image></annotations>
            """
        #expect(throws: MLOpsError.self) { try CVATFormat().set(from: [AnnotationFile("a.xml", Data(xml.utf8))]) }
        for counts in [
            "[9000000000000000000, 9000000000000000000]", "\"\u{6f}\u{6f}\u{6f}\u{6f}\u{6f}\u{6f}\u{6f}\u{6f}0\"",
            "\"~\"",
        ] {
            let json = """
                {"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 1, "name": "x"}], "annotations": [{"id": 1,
                "image_id": 1, "category_id": 1, "segmentation": {"size": [9000000000, 9000000000], "counts": \(counts)}}]}
                """
            #expect(throws: MLOpsError.self) { try COCOFormat().set(from: [AnnotationFile("a.json", Data(json.utf8))]) }
        }
    }
}
