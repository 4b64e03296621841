// A bridge: start, one step for each cause, end; every bar begins where the one above it stopped.

export default function (data, kit) {
  const { style, shapes } = kit;
  const list = data.bars;
  const colour = { total: style.accent, rise: style.rise, fall: style.fall, rest: style["line-strong"] };
  const levels = list.flatMap((bar) => [bar.from, bar.to]);
  const last = list.length - 1;
  return kit.rows(list, {
    axis: { ...kit.ends([data.floor, ...levels]), min: data.floor || kit.ends([0, ...levels]).min },
    thick: 28,
    after: 12 + Math.max(...list.map((bar) => kit.measure(bar.text, 12, 600))),
    tip: (bar) => bar.label + "\n" + bar.text + " " + data.unit,
    paint: (bar, { at, y, band, index }) => {
      const whole = bar.tone === "total";
      const drawn = [shapes.bar(at(bar.from), at(bar.to), y, 16, colour[bar.tone])];
      if (index < last) drawn.push(shapes.line(at(bar.to), y + 8, at(bar.to), y + band - 8, style["line-strong"]));
      const edge = Math.max(at(bar.from), at(bar.to)) + 6;
      drawn.push(shapes.words(bar.text, edge, y, style.ink, { fontWeight: whole ? 600 : 400 }));
      return drawn;
    },
  });
}
