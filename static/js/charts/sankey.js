// Streams between nodes, as wide as they are large. Red does not close; hollow is the other end of a loop.

export default function (data, kit) {
  const { style, token } = kit;
  const colour = { process: style.accent, outside: style["line-strong"], emission: token("fossil"), loss: token("rest"), open: style.bad, return: style.surface };
  const sources = new Set(data.links.map((link) => link.from));
  const through = Math.max(...data.nodes.map((node) => data.links.reduce((sum, link) => sum + (link.from === node.key ? link.value : 0), 0)));
  const named = Object.fromEntries(data.nodes.map((node) => [node.key, node]));
  const label = (node) => node.label + "\n{soft|" + node.text + "}" + (node.gap ? "  {gap|" + node.gap + "}" : "");
  const ending = data.nodes.filter((node) => !sources.has(node.key));
  const room = 16 + Math.min(200, Math.max(0, ...ending.map((node) => Math.max(kit.measure(node.label), kit.measure(node.text + "  " + node.gap)))));
  return {
    ...kit.base(),
    height: Math.min(720, Math.max(240, 64 * data.rows)),
    series: [
      {
        type: "sankey",
        left: 2,
        right: room,
        top: 8,
        bottom: 12,
        nodeWidth: 12,
        nodeGap: 26,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: data.nodes.map((node) => ({
          name: node.key,
          href: node.href,
          itemStyle: { color: colour[node.tone], borderColor: node.tone === "return" ? style["line-strong"] : colour[node.tone], borderWidth: 1, borderType: node.tone === "return" ? "dashed" : "solid" },
          label: {
            position: "right",
            formatter: label(node),
            color: node.tone === "open" ? style.bad : style.ink,
            fontSize: 12,
            lineHeight: 15,
            width: sources.has(node.key) ? 130 : room - 10,
            overflow: "truncate",
            textBorderColor: style.surface,
            textBorderWidth: 3,
            rich: { soft: { color: style["ink-soft"], fontSize: 11, textBorderColor: style.surface, textBorderWidth: 3 }, gap: { color: style.bad, fontSize: 11, fontWeight: 600, textBorderColor: style.surface, textBorderWidth: 3 } },
          },
        })),
        labelLayout: (label) => ({ hideOverlap: label.dataType === "edge" }),
        edgeLabel: { show: true, color: style["ink-soft"], fontSize: 11, textBorderColor: style.surface, textBorderWidth: 3 },
        links: data.links.map((link) => ({
          source: link.from,
          target: link.to,
          value: link.value,
          href: link.href,
          said: link,
          edgeLabel: { show: link.value > 0.07 * through, formatter: link.label },
          lineStyle: { color: token(link.group), opacity: 0.38, curveness: 0.5 },
        })),
        tooltip: {
          formatter: (hit) => {
            if (hit.dataType === "node") return [named[hit.name].label, named[hit.name].text + " " + data.unit, named[hit.name].gap].filter(Boolean).join("\n");
            const { said } = hit.data;
            return said.label + "\n" + named[said.from].label + " → " + named[said.to].label + "\n" + said.text + " " + data.unit;
          },
        },
      },
    ],
  };
}
