// Bars, largest first, and on the same axis the running share that they make up: at the end it stands at 100 %.

export default function (data, kit) {
  const { style, shapes, token } = kit;
  const list = data.parts.map((part) => ({ ...part, aside: part.text }));
  const interval = data.total / 4;
  const low = Math.min(0, ...list.map((part) => part.value));
  const high = Math.max(data.total, ...list.map((part) => part.running));
  return kit.rows(list, {
    axis: {
      min: Math.floor(low / interval) * interval,
      max: Math.ceil(high / interval - 1e-9) * interval,
      interval,
      formatter: (value) => Math.round((100 * value) / data.total) + "%",
    },
    thick: 26,
    after: 16,
    tip: (part) => part.label + "\n" + part.text + " " + data.unit + "  (" + part.share + ")\n" + data.running_label + "  " + part.running_text,
    paint: (part, { at, y, band, index }) => {
      const here = at(part.running);
      const next = list[index + 1];
      const drawn = [shapes.bar(at(0), at(part.value), y, 15, token(part.group))];
      if (next) drawn.push(shapes.line(here, y, at(next.running), y + band, style["ink-soft"], { lineWidth: 1.5 }));
      drawn.push(shapes.dot(here, y, 3.5, style.surface, { stroke: style["ink-soft"], lineWidth: 1.5 }));
      const roomy = here - Math.max(at(part.value), at(0)) > 60;
      drawn.push(shapes.words(part.running_text, here + (roomy ? -9 : 9), y, style["ink-soft"], { align: roomy ? "right" : "left", fontSize: 11 }));
      return drawn;
    },
  });
}
