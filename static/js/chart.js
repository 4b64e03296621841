// Draws every <figure class="chart-figure"> from the JSON in its plot. The table below says the same without script.
// No figure is computed here: values, texts and their order come from the server. Each kind of chart has its own module
// in charts/, named by its figure; it is given the kit and answers with an option for ECharts.

const drawn = new Map();
const NARROW = 440;
const PAPER = 640;
const pen = document.createElement("canvas").getContext("2d");

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function styles() {
  const names = ["ink", "ink-soft", "line", "line-strong", "surface", "raised", "accent", "accent-ink", "accent-soft", "bad", "wait", "wait-soft", "rise", "fall"];
  const style = Object.fromEntries(names.map((name) => [name, token(name)]));
  style.font = getComputedStyle(document.body).fontFamily;
  return style;
}

function measure(style, text, size, weight) {
  pen.font = (weight || 400) + " " + (size || 12) + "px " + style.font;
  return pen.measureText(text).width;
}

function base(data, style, grid) {
  return {
    animation: false,
    aria: { enabled: true, label: { description: data.title + ", " + data.unit } },
    textStyle: { fontFamily: style.font, color: style.ink, fontSize: 12 },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: style.raised,
      borderColor: style["line-strong"],
      textStyle: { color: style.ink, fontSize: 12 },
    },
    grid: { left: 0, right: 8, top: 4, bottom: 4, containLabel: true, ...grid },
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

// What stands at a tick: a round number without the traces of binary fractions.
function short(value) {
  return Number(value.toPrecision(6)).toLocaleString("en-US", { maximumSignificantDigits: 6 }).replace("-", "−");
}

// How the lines of several things differ; components.css has the same as .chart-stroke.
function looks(style) {
  return [
    { color: style.accent, type: "solid" },
    { color: style["ink-soft"], type: "dashed" },
    { color: token("energy"), type: "dotted" },
    { color: token("purchased"), type: [9, 3] },
    { color: token("process"), type: [2, 6] },
    { color: style.bad, type: [12, 3, 2, 3] },
  ];
}

// The ends of an axis on round numbers around these values.
function ends(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const interval = [1, 2, 5, 10].map((step) => step * power).find((step) => span / step <= 4.5);
  return { min: Math.floor(low / interval + 1e-9) * interval, max: Math.ceil(high / interval - 1e-9) * interval, interval };
}

// Shapes in pixels, for rows below.
const shapesIn = (font) => ({
  bar: (from, to, y, thick, fill, more) => ({
    type: "rect",
    shape: { x: Math.min(from, to), y: y - thick / 2, width: Math.max(1, Math.abs(to - from)), height: thick, r: 2 },
    style: { fill, ...more },
  }),
  line: (x1, y1, x2, y2, stroke, more) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1, ...more } }),
  dot: (cx, cy, r, fill, more) => ({ type: "circle", shape: { cx, cy, r }, style: { fill, ...more } }),
  words: (text, x, y, fill, more) => ({ type: "text", style: { text, x, y, fill, fontFamily: font, fontSize: 12, align: "left", verticalAlign: "middle", ...more } }),
});

// Rows below each other on one value axis. A wide window has labels to the left and asides to the right of the axis, a
// narrow one has both above their row. `paint(row, place)` answers with the shapes of one row; place.at(value) is its x.
function rows(kit, list, { axis, paint, thick, before = 0, after = 0, top = 4, tip }) {
  const { style, width, isNarrow, shapes } = kit;
  const aside = Math.max(0, ...list.map((row) => measure(style, row.aside || "")));
  const longest = Math.max(0, ...list.map((row) => Math.max(measure(style, row.label), measure(style, row.under || "", 11))));
  const room = isNarrow ? 0 : Math.min(longest + 18, Math.max(110, width * 0.34));
  const tick = axis.formatter || short;
  const left = Math.max(room + before, measure(style, tick(axis.min)) / 2 + 4);
  const right = Math.max(after, measure(style, tick(axis.max)) / 2 + 4) + (isNarrow ? 0 : aside + (aside ? 14 : 0));
  const band = thick + (isNarrow ? 20 : 0);
  const at = (value) => left + ((value - axis.min) / (axis.max - axis.min)) * (width - left - right);
  const label = (row, y) => {
    const size = isNarrow ? width - (row.aside ? aside + 12 : 0) : room - 12;
    const middle = isNarrow ? y - thick / 2 - 9 : y;
    const link = { overflow: "truncate", width: Math.max(40, size) };
    const under = row.under && !isNarrow;
    const said = [shapes.words(row.label, 0, under ? middle - 8 : middle, row.href ? style.accent : style.ink, link)];
    if (under) said.push(shapes.words(row.under, 0, middle + 8, style["ink-soft"], { ...link, fontSize: 11 }));
    const beside = isNarrow ? { x: width, align: "right" } : { x: width - aside, align: "left" };
    if (row.aside) said.push(shapes.words(row.aside, beside.x, middle, style.ink, { align: beside.align }));
    return said;
  };
  return {
    ...base(kit.data, style, { left, right, top, bottom: 26, containLabel: false, outerBoundsMode: "none" }),
    height: top + 26 + band * list.length,
    xAxis: scale(style, {
      ...axis,
      axisLabel: { color: style["ink-soft"], hideOverlap: true, formatter: tick },
      axisLine: { show: false, onZero: false },
      axisTick: { show: false },
    }),
    yAxis: { type: "value", min: 0, max: list.length, inverse: true, show: false },
    series: [
      {
        type: "custom",
        data: list.map((row, n) => [0, n]),
        encode: { x: -1, y: -1 },
        tooltip: { formatter: (hit) => tip(list[hit.dataIndex]) },
        renderItem: (hit) => {
          const row = list[hit.dataIndex];
          const y = top + band * hit.dataIndex + band - thick / 2;
          const place = { at, y, band, thick, index: hit.dataIndex, left, right: width - right };
          const cover = { type: "rect", shape: { x: 0, y: y - band + thick / 2, width, height: band }, style: { fill: "transparent" } };
          const children = [cover, ...label(row, y), ...paint(row, place)];
          return { type: "group", children: children.map((one) => ({ ...one, cursor: row.href ? "pointer" : "default" })) };
        },
      },
    ],
    links: list.map((row) => row.href),
  };
}

function kitFor(data, width) {
  const style = styles();
  const kit = { data, width, style, token, shapes: shapesIn(style.font), ends, isNarrow: width < NARROW };
  kit.base = (grid) => base(data, style, grid);
  kit.scale = (extra) => scale(style, extra);
  kit.names = (labels, room, aside) => names(style, labels, room, aside);
  kit.rows = (list, how) => rows(kit, list, how);
  kit.look = (n) => looks(style)[n % looks(style).length];
  kit.measure = (text, size, weight) => measure(style, text, size, weight);
  return kit;
}

function paint(plot, { echarts, kind, data }, width) {
  const { height, links, ...option } = kind.default(data, kitFor(data, width));
  plot.style.height = height + "px";
  const old = drawn.get(plot);
  if (old) old.chart.dispose();
  const chart = echarts.init(plot, null, { renderer: "svg", width, height });
  drawn.set(plot, { chart, again: (wide) => paint(plot, { echarts, kind, data }, wide) });
  chart.setOption(option);
  chart.on("click", (hit) => {
    const href = links ? links[hit.dataIndex] : hit.data && hit.data.href;
    if (href) location.assign(href);
  });
}

async function draw(figure) {
  const plot = figure.querySelector(".chart-plot");
  if (!plot) return;
  watch(figure, plot);
  plot.dataset.width = plot.clientWidth;
  if (!plot.clientWidth) return;
  const [echarts, kind] = await Promise.all([import(figure.dataset.echarts), import(figure.dataset.drawing)]);
  if (plot.isConnected && plot.clientWidth) paint(plot, { echarts, kind, data: JSON.parse(plot.dataset.chart) }, plot.clientWidth);
}

function watch(figure, plot) {
  if (plot.dataset.watched) return;
  plot.dataset.watched = "yes";
  new ResizeObserver(() => {
    if (Number(plot.dataset.width) !== plot.clientWidth) draw(figure);
  }).observe(plot);
}

function drawAll(root) {
  for (const figure of root.querySelectorAll("figure.chart-figure")) draw(figure);
}

function toggle(button) {
  const table = document.getElementById(button.getAttribute("aria-controls"));
  table.hidden = !table.hidden;
  button.setAttribute("aria-expanded", String(!table.hidden));
}

function choose(link) {
  const choice = link.closest("[data-chart-choice]");
  for (const other of choice.querySelectorAll("[data-choice]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  for (const panel of choice.querySelectorAll("[data-choice-of]")) panel.hidden = panel.dataset.choiceOf !== link.dataset.choice;
  history.replaceState(history.state, "", link.href);
}

function forget() {
  for (const [plot, { chart }] of drawn) {
    if (!plot.isConnected) {
      chart.dispose();
      drawn.delete(plot);
    }
  }
}

// Paper is white and narrower than most windows.
let worn;
function toPaper() {
  worn = document.documentElement.dataset.bsTheme;
  document.documentElement.dataset.bsTheme = "light";
  for (const [plot, one] of [...drawn]) if (plot.clientWidth) one.again(Math.min(PAPER, plot.clientWidth));
}

function fromPaper() {
  document.documentElement.dataset.bsTheme = worn;
  for (const [plot, one] of [...drawn]) if (plot.clientWidth) one.again(plot.clientWidth);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-toggle]");
  if (button) toggle(button);
  const link = event.target.closest("[data-choice]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    choose(link);
  }
});
document.addEventListener("theme:changed", () => drawAll(document));
document.addEventListener("htmx:afterSettle", (event) => {
  forget();
  drawAll(event.target);
});
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", fromPaper);
drawAll(document);
