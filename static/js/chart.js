// Draws every <figure class="chart-figure"> from the JSON in its plot. The table below says the same without script.
// Nothing is computed here: values, texts and their order come from the server.

const charts = new Map();
let library;

function load(figure) {
  library = library || import(figure.dataset.echarts);
  return library;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function styles() {
  const names = ["ink", "ink-soft", "line", "line-strong", "surface", "raised", "accent", "accent-soft"];
  const style = Object.fromEntries(names.map((name) => [name, token(name)]));
  style.font = getComputedStyle(document.body).fontFamily;
  return style;
}

function sums(parts, total) {
  const sum = parts.reduce((all, part) => all + part.value, 0);
  const scale = Math.max(Math.abs(total), ...parts.map((part) => Math.abs(part.value)));
  return Math.abs(sum - total) <= 1e-6 * scale;
}

function basis(data, style, labelled) {
  return {
    animation: false,
    aria: { enabled: true, label: { description: data.title } },
    textStyle: { fontFamily: style.font, color: style.ink, fontSize: 12 },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: style.raised,
      borderColor: style["line-strong"],
      textStyle: { color: style.ink, fontSize: 12 },
    },
    grid: { left: 0, right: 8, top: 4, bottom: 4, containLabel: true, ...labelled },
  };
}

function scale(style, extra) {
  return {
    type: "value",
    axisLabel: { color: style["ink-soft"], hideOverlap: true },
    splitLine: { lineStyle: { color: style.line } },
    ...extra,
  };
}

function names(style, labels, width, aside) {
  return {
    type: "category",
    data: labels,
    axisTick: { show: false },
    axisLine: { show: !aside, onZero: !aside, lineStyle: { color: style["line-strong"] } },
    axisLabel: { color: style.ink, width, overflow: "truncate", interval: 0 },
  };
}

function bar(data, style, width) {
  const parts = data.parts.slice().reverse();
  const room = Math.min(260, Math.max(96, width * 0.34));
  const negative = parts.some((part) => part.value < 0);
  return {
    ...basis(data, style, { right: 96, left: 0 }),
    height: parts.length * 27 + 30,
    xAxis: scale(style, { axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: names(style, parts.map((part) => part.label), room, negative),
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
        tooltip: { formatter: (hit) => tip(parts[hit.dataIndex], data.unit) },
      },
    ],
    links: parts.map((part) => part.href),
  };
}

function tip(part, unit) {
  return part.label + "\n" + part.text + " " + unit + (part.share ? "  (" + part.share + ")" : "");
}

function stack(data, style, width) {
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
    ...basis(data, style, { right: 64 }),
    height: order.length * 34 + 36,
    xAxis: scale(style),
    yAxis: names(style, order.map((at) => data.stacks[at].label), Math.min(220, width * 0.32)),
    series,
    links: order.map((at) => data.stacks[at].href),
  };
}

function strip(data, style) {
  const known = [data.own.value, data.median.value, data.low, data.high].filter((value) => value !== null);
  const spread = Math.max(...known) - Math.min(...known) || Math.abs(known[0]) || 1;
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
    ...basis(data, style, { top: 24, bottom: 4, left: 24, right: 24 }),
    height: 140,
    xAxis: scale(style, {
      min: Math.max(Math.min(...known) - spread * 0.25, Math.min(...known) < 0 ? -Infinity : 0),
      max: Math.max(...known) + spread * 0.25,
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
      marker(data.median, "rect", [3, 44], style["ink-soft"], data.own.value < data.median.value ? "right" : "left", 400),
      marker(data.own, "rect", [2, 86], style.accent, "top", 600),
      { ...marker(data.own, "circle", 14, style.accent, "top", 600), label: { show: false } },
    ],
    links: [],
  };
}

const kinds = { bar, stack, strip };

async function draw(figure) {
  const plot = figure.querySelector(".chart-plot");
  if (!plot) return;
  const data = JSON.parse(plot.dataset.chart);
  if (data.kind === "bar" && !sums(data.parts, data.total)) return;
  const echarts = await load(figure);
  plot.hidden = false;
  const { height, links, ...option } = kinds[data.kind](data, styles(), plot.clientWidth);
  plot.style.height = height + "px";
  const old = charts.get(plot);
  if (old) old.dispose();
  const chart = echarts.init(plot, null, { renderer: "svg" });
  charts.set(plot, chart);
  chart.setOption(option);
  chart.on("click", (hit) => {
    if (links[hit.dataIndex]) location.assign(links[hit.dataIndex]);
  });
  if (!plot.dataset.watched) {
    plot.dataset.watched = "yes";
    new ResizeObserver(() => widthChanged(figure, plot)).observe(plot);
  }
}

function widthChanged(figure, plot) {
  if (Number(plot.dataset.width) === plot.clientWidth) return;
  plot.dataset.width = plot.clientWidth;
  draw(figure);
}

function drawAll(root) {
  for (const figure of root.querySelectorAll("figure.chart-figure")) draw(figure);
}

function toggle(button) {
  const table = document.getElementById(button.getAttribute("aria-controls"));
  table.hidden = !table.hidden;
  button.setAttribute("aria-expanded", String(!table.hidden));
}

function forget() {
  for (const [plot, chart] of charts) {
    if (!plot.isConnected) {
      chart.dispose();
      charts.delete(plot);
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-toggle]");
  if (button) toggle(button);
});
document.addEventListener("theme:changed", () => drawAll(document));
document.addEventListener("htmx:afterSettle", (event) => {
  forget();
  drawAll(event.target);
});
drawAll(document);
