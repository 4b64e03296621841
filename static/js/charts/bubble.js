// Contributions against the rating of the data behind them: large and poor stands at the top right.

export default function (data, kit) {
  const { style, token } = kit;
  const largest = Math.max(...data.bubbles.map((one) => Math.abs(one.share))) || 1;
  const shares = kit.ends([0, ...data.bubbles.map((one) => one.share * 1.12)]);
  const size = (one) => 8 + 30 * Math.sqrt(Math.abs(one.share) / largest);
  const along = (one) => ((one.share - shares.min) / (shares.max - shares.min)) * (kit.width - 50) + 26;
  const fits = (one) => along(one) + size(one) / 2 + kit.measure(one.label, 12, 600) + 8 < kit.width;
  return {
    ...kit.base({ left: 4, right: 24, top: 26, bottom: 24 }),
    height: 320,
    xAxis: kit.scale({
      ...shares,
      name: data.share_label,
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: { color: style["ink-soft"] },
      axisLabel: { color: style["ink-soft"], hideOverlap: true, formatter: (value) => Math.round(value * 100) + "%" },
    }),
    yAxis: kit.scale({
      min: data.best,
      max: data.worst,
      interval: 1,
      name: data.rating_label,
      nameLocation: "end",
      nameGap: 10,
      nameTextStyle: { color: style["ink-soft"], align: "left" },
      axisLine: { show: false, onZero: false },
    }),
    series: [
      {
        type: "scatter",
        data: data.bubbles.map((one) => ({
          value: [one.share, one.rating],
          href: one.href,
          symbolSize: size(one),
          itemStyle: { color: token(one.group), opacity: 0.85, borderColor: style.surface },
          label: {
            show: true,
            position: fits(one) ? "right" : "left",
            formatter: one.label,
            color: style.ink,
            fontWeight: one.is_telling ? 600 : 400,
            textBorderColor: style.surface,
            textBorderWidth: 2,
          },
        })),
        labelLayout: { hideOverlap: true },
        tooltip: {
          formatter: (hit) => {
            const one = data.bubbles[hit.dataIndex];
            return one.label + "\n" + one.text + "  (" + one.share_text + ")\n" + data.rating_label + "  " + one.rating_text;
          },
        },
        markArea: {
          silent: true,
          itemStyle: { color: style["wait-soft"] },
          label: { position: "insideTopRight", color: style.wait, fontSize: 11, formatter: data.corner_label },
          data: [[{ coord: [Math.min(data.big, shares.max), data.poor] }, { coord: [shares.max, data.worst] }]],
        },
      },
    ],
  };
}
