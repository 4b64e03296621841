// Contributions: horizontal bars, largest first, each with its value and its share.

export default function (data, kit) {
  const { style, token } = kit;
  const parts = data.parts.slice().reverse();
  const room = Math.min(260, Math.max(96, kit.width * 0.34));
  const negative = parts.some((part) => part.value < 0);
  const tip = (part) => part.label + "\n" + part.text + " " + data.unit + "  (" + part.share + ")";
  return {
    ...kit.base({ right: 96, left: 0 }),
    height: parts.length * 27 + 30,
    xAxis: kit.scale({ axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: kit.names(parts.map((part) => part.label), room, negative),
    series: [
      {
        type: "bar",
        barMaxWidth: 16,
        data: parts.map((part) => ({
          value: part.value,
          itemStyle: { color: token(part.group), borderRadius: 2 },
          label: {
            show: true,
            position: "right",
            formatter: part.text + "  {share|" + part.share + "}",
            color: style.ink,
            rich: { share: { color: style["ink-soft"] } },
          },
        })),
        tooltip: { formatter: (hit) => tip(parts[hit.dataIndex]) },
      },
    ],
    links: parts.map((part) => part.href),
  };
}
