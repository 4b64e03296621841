// Scores by indicator; the best is at the centre, so that a small shape is a good one.

export default function (data, kit) {
  const { style, isNarrow } = kit;
  const [first] = data.ratings;
  return {
    ...kit.base(),
    height: 330,
    radar: {
      center: ["50%", "50%"],
      radius: isNarrow ? 92 : 108,
      splitNumber: data.worst - data.best,
      indicator: data.axes.map((name, at) => ({ name: name + "\n{score|" + first.texts[at] + "}", min: data.best, max: data.worst })),
      axisName: { color: style.ink, fontSize: 12, lineHeight: 16, rich: { score: { color: style.accent, fontWeight: 600, fontSize: 12 } } },
      axisLine: { lineStyle: { color: style.line } },
      splitLine: { lineStyle: { color: style.line } },
      splitArea: { show: false },
    },
    series: [
      {
        type: "radar",
        data: data.ratings.map((one, n) => {
          const { color, type } = kit.look(n);
          return {
            name: one.label,
            value: one.scores,
            href: one.href,
            symbolSize: 6,
            itemStyle: { color },
            lineStyle: { color, width: 2, type },
            areaStyle: { color, opacity: n ? 0 : 0.14 },
          };
        }),
        tooltip: { formatter: (hit) => [hit.name, ...data.axes.map((axis, at) => axis + "  " + data.ratings[hit.dataIndex].texts[at])].join("\n") },
      },
    ],
  };
}
