// Medians and their intervals on one axis, with the shape of their draws above them.

export default function (data, kit) {
  const { style, shapes } = kit;
  const list = data.rows.map((row) => ({ ...row, aside: row.text }));
  const shaped = list.some((row) => row.density.length);
  const values = list.flatMap((row) => [row.low, row.high, ...row.density.flatMap((bin) => [bin[0], bin[1]])]);
  return kit.rows(list, {
    axis: kit.ends(values),
    thick: shaped ? 56 : 32,
    before: 12,
    after: 16,
    tip: (row) => row.label + "\n" + row.text + " " + data.unit,
    paint: (row, { at, y }) => {
      const line = y + (row.density.length ? 16 : 0);
      const drawn = row.density.map(([from, to, height]) => ({
        type: "rect",
        shape: { x: at(from), y: line - 7 - height * 32, width: Math.max(0.5, at(to) - at(from) - 0.5), height: height * 32 },
        style: { fill: style["line-strong"], opacity: 0.55 },
      }));
      drawn.push(shapes.bar(at(row.low), at(row.high), line, 8, style["accent-soft"], { stroke: style.accent, lineWidth: 1 }));
      drawn.push(shapes.bar(at(row.median) - 1.5, at(row.median) + 1.5, line, 18, style.accent));
      return drawn;
    },
  });
}
