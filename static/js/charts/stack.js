// Bars below each other, each divided by colour group, with its total at its end.

export default function (data, kit) {
  const { style, token } = kit;
  const order = data.stacks.map((one, at) => at).reverse();
  const totals = order.map((at) => data.stacks[at].text);
  const series = data.series.map((one) => ({
    type: "bar",
    stack: "all",
    barMaxWidth: 20,
    name: one.label,
    itemStyle: { color: token(one.group), borderColor: style.surface, borderWidth: 1 },
    data: order.map((at) => one.values[at]),
    tooltip: { formatter: (hit) => hit.name + "\n" + one.label + "  " + Number(hit.value).toPrecision(4) + " " + data.unit },
  }));
  series.push({
    type: "bar",
    stack: "all",
    silent: true,
    data: order.map(() => 0),
    label: { show: true, position: "right", color: style.ink, formatter: (hit) => totals[hit.dataIndex] },
  });
  return {
    ...kit.base({ right: 64, left: 12 }), // the library leaves a long name some pixels too few
    height: order.length * 34 + 36,
    xAxis: kit.scale(),
    yAxis: kit.names(order.map((at) => data.stacks[at].label), Math.min(220, kit.width * 0.32)),
    series,
    links: order.map((at) => data.stacks[at].href),
  };
}
