// One's own value on a line against the median, and a plausible range where one is known.

export default function (data, kit) {
  const { style } = kit;
  const known = [data.own.value, data.median.value, data.low, data.high].filter((value) => value !== null);
  const spread = Math.max(...known) - Math.min(...known) || Math.abs(known[0]) || 1;
  const from = Math.max(Math.min(...known) - spread * 0.25, Math.min(...known) < 0 ? -Infinity : 0);
  const to = Math.max(...known) + spread * 0.25;
  // away from one's own value, unless the words would end outside
  const place = (data.median.value - from) / (to - from);
  const beside = place < 0.2 || (data.own.value < data.median.value && place < 0.8) ? "right" : "left";
  const range = data.low !== null && data.high !== null;
  const marker = (one, symbol, size, colour, position, weight) => ({
    type: "scatter",
    symbol,
    symbolSize: size,
    z: 5,
    itemStyle: { color: colour },
    label: { show: true, position, distance: 5, fontWeight: weight, color: style.ink, formatter: one.label + "  " + one.text },
    data: [[one.value, 0]],
    tooltip: { formatter: () => one.label + "\n" + one.text + " " + data.unit },
  });
  return {
    ...kit.base({ top: 24, bottom: 4, left: 24, right: 24 }),
    height: 140,
    xAxis: kit.scale({
      min: from,
      max: to,
      axisLabel: { color: style["ink-soft"], hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (value) => Number(value.toPrecision(3)) },
      splitLine: { show: false },
      axisTick: { show: false },
      axisLine: { show: true, lineStyle: { color: style["line-strong"] } },
    }),
    yAxis: { type: "value", min: -1, max: 1, show: false },
    series: [
      {
        type: "line",
        silent: true,
        data: [],
        markArea: range
          ? { silent: true, itemStyle: { color: style["accent-soft"] }, label: { show: true, position: "insideBottomRight", color: style["ink-soft"], fontSize: 11, formatter: data.band_label }, data: [[{ xAxis: data.low }, { xAxis: data.high }]] }
          : undefined,
      },
      marker(data.median, "rect", [3, 44], style["ink-soft"], beside, 400),
      marker(data.own, "rect", [2, 86], style.accent, "top", 600),
      { ...marker(data.own, "circle", 14, style.accent, "top", 600), label: { show: false } },
    ],
  };
}
