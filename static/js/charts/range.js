// Methods side by side: a row for each product, a numbered dot for each method, the one in force filled.

const ACROSS = 19;

// Dots that would cover each other stand in lanes above each other.
function lanes(dots, at) {
  const ends = [];
  return dots
    .slice()
    .sort((a, b) => a.value - b.value)
    .map((dot) => {
      const free = ends.findIndex((end) => at(dot.value) - end >= ACROSS);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = at(dot.value);
      return { dot, lane, of: ends };
    });
}

export default function (data, kit) {
  const { style, shapes } = kit;
  const text = (row, value) => row.dots.find((dot) => dot.value === value).text;
  const list = data.rows.map((row) => {
    const force = row.dots.find((dot) => dot.in_force);
    return { ...row, under: force ? force.text + "  " + force.label : "", aside: row.times, lowest: text(row, row.low), highest: text(row, row.high) };
  });
  const axis = kit.ends(list.flatMap((row) => [row.low, row.high]));
  const room = 20 + Math.max(...list.flatMap((row) => [kit.measure(row.lowest), kit.measure(row.highest)]));
  const roughly = (value) => ((value - axis.min) / (axis.max - axis.min)) * (kit.width * (kit.isNarrow ? 1 : 0.7) - 2 * room);
  const deepest = Math.max(...list.map((row) => Math.max(...lanes(row.dots, roughly).map((one) => one.lane)) + 1));
  return kit.rows(list, {
    axis,
    thick: Math.max(36, 16 + deepest * ACROSS),
    before: room,
    after: room,
    tip: (row) => [row.label, ...row.dots.map((dot) => dot.mark + " " + dot.label + "  " + dot.text)].join("\n"),
    paint: (row, { at, y }) => {
      const drawn = [
        shapes.bar(at(row.low), at(row.high), y, 6, style.line),
        shapes.words(row.lowest, at(row.low) - 14, y, style["ink-soft"], { align: "right" }),
        shapes.words(row.highest, at(row.high) + 14, y, style["ink-soft"]),
      ];
      for (const { dot, lane, of } of lanes(row.dots, at)) {
        const height = y + (lane - (of.length - 1) / 2) * ACROSS;
        const [fill, ink, stroke] = dot.in_force ? [style.accent, style["accent-ink"], style.accent] : [style.surface, style.ink, style["line-strong"]];
        drawn.push(shapes.dot(at(dot.value), height, 8.5, fill, { stroke, lineWidth: 1.2 }));
        drawn.push(shapes.words(dot.mark, at(dot.value), height, ink, { align: "center", fontSize: 11, fontWeight: dot.in_force ? 700 : 400 }));
      }
      return drawn;
    },
  });
}
