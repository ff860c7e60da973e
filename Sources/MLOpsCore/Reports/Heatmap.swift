/// A table of counts, shaded by each row's shares; rows are the truth and columns the prediction in a confusion matrix.
public struct Heatmap: Sendable, Hashable {
    /// What the chart is called; empty for none.
    public var title: String
    /// The name of the rows' axis.
    public var rowTitle: String
    /// The name of the columns' axis.
    public var columnTitle: String
    /// The names of the rows.
    public var rows: [String]
    /// The names of the columns.
    public var columns: [String]
    /// The counts, [rows, columns]; what is missing counts as 0.
    public var counts: [[Int]]

    /// Makes a table.
    public init(
        title: String = "", rowTitle: String = "true", columnTitle: String = "predicted", rows: [String],
        columns: [String], counts: [[Int]]
    ) {
        self.title = title
        self.rowTitle = rowTitle
        self.columnTitle = columnTitle
        self.rows = rows
        self.columns = columns
        self.counts = counts
    }

    /// The drawing; its size grows with the table.
    public var svg: SVG {
        let (wide, high) = columns.count <= 6 ? (92.0, 56.0) : columns.count <= 12 ? (52.0, 40.0) : (30.0, 26.0)
        let names = min(160, rows.map { SVGCanvas.width(of: $0) }.max() ?? 0)
        let left = 34 + names
        let top = title.isEmpty ? 46.0 : 68.0
        var canvas = SVGCanvas(
            width: max(left + wide * Double(columns.count) + 12, SVGCanvas.width(of: title, size: 14) + 16),
            height: top + high * Double(rows.count) + 10)
        if !title.isEmpty { canvas.text(title, 8, 18, size: 14) }
        canvas.text(columnTitle, left + wide * Double(columns.count) / 2, top - 28, anchor: .middle, opacity: 0.75)
        canvas.text(
            rowTitle, 14, top + high * Double(rows.count) / 2, anchor: .middle, opacity: 0.75, turned: true)
        for (column, name) in columns.enumerated() {
            canvas.text(fit(name, wide), left + wide * (Double(column) + 0.5), top - 8, anchor: .middle)
        }
        for (row, name) in rows.enumerated() {
            let y = top + high * Double(row)
            canvas.text(fit(name, 160), left - 8, y + high / 2 + 4, anchor: .end)
            let cells = row < counts.count ? counts[row] : []
            let total = cells.reduce(0.0) { $0 + Double(max(0, $1)) }
            for column in columns.indices {
                let count = column < cells.count ? cells[column] : 0
                let share = total > 0 ? Double(max(0, count)) / total : 0
                let x = left + wide * Double(column)
                canvas.rectangle(
                    x + 1, y + 1, wide - 2, high - 2, fill: "#2f7fc1", opacity: 0.06 + 0.94 * share,
                    tip: "\(name) → \(columns[column]): \(count)")
                let ink = share > 0.5 ? "#ffffff" : "currentColor"
                let isRoomy = wide > 60
                canvas.text(
                    "\(count)", x + wide / 2, y + high / 2 + (isRoomy ? 0 : 4), anchor: .middle,
                    size: wide > 40 ? 14 : 10, fill: ink)
                if isRoomy {
                    let percent = total > 0 ? "\((share * 1000).rounded() / 10) %" : "–"
                    canvas.text(percent, x + wide / 2, y + high / 2 + 16, anchor: .middle, size: 11, fill: ink)
                }
            }
        }
        return canvas.svg(title: title.isEmpty ? "\(rowTitle) by \(columnTitle)" : title)
    }

    private func fit(_ name: String, _ width: Double) -> String {
        let room = max(2, Int(width / (12 * 0.58)))
        return name.count <= room ? name : name.prefix(room - 1) + "…"
    }
}
