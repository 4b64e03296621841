// How far each input moves a result, around the base value.

export default function (data, kit) {
  const { style, shapes } = kit;
  const said = (end) => end.text + (end.input && !kit.isNarrow ? "  (" + end.input + ")" : "");
  const room = 10 + Math.max(...data.rows.flatMap((row) => row.ends.map((end) => kit.measure(said(end)))));
  const values = data.rows.flatMap((row) => row.ends.map((end) => end.value));
  const title = data.base.label + "  " + data.base.text;
  return kit.rows(data.rows, {
    axis: kit.ends([data.base.value, ...values]),
    thick: 28,
    before: room,
    after: room,
    top: 26,
    tip: (row) => row.label + "\n" + row.ends.map((end) => (end.input ? end.input + ": " : "") + end.text + " " + data.unit).join("\n"),
    paint: (row, { at, y, band, thick, index }) => {
      const middle = at(data.base.value);
      const ends = row.ends.slice().sort((a, b) => Math.abs(b.value - data.base.value) - Math.abs(a.value - data.base.value));
      const drawn = ends.map((end) => shapes.bar(middle, at(end.value), y, 15, style[end.tone], { stroke: style.surface }));
      const oneSided = ends[0].tone === ends[1].tone;
      for (const end of oneSided ? ends.slice(0, 1) : ends) {
        if (end.value === data.base.value) continue;
        const leftward = end.value < data.base.value;
        drawn.push(shapes.words(said(end), at(end.value) + (leftward ? -6 : 6), y, style.ink, { align: leftward ? "right" : "left" }));
      }
      const upper = y + thick / 2 - band;
      drawn.push(shapes.line(middle, upper, middle, upper + band, style.ink, { lineWidth: 1.5 }));
      if (index === 0) drawn.push(shapes.words(title, Math.min(Math.max(middle, kit.measure(title, 12, 600) / 2), kit.width - kit.measure(title, 12, 600) / 2), upper - 11, style.ink, { align: "center", fontWeight: 600 }));
      return drawn;
    },
  });
}
