// The same product under several method profiles: a line for each product, the difference to the first profile in words.
// A narrow window turns the chart: profiles stand below each other.

const APART = 16;

// How far labels at one profile must move so that each stays readable.
function shifts(lines, at, y) {
  const shift = new Map();
  let lowest = -Infinity;
  for (const line of lines.filter((one) => one.points[at].value !== null).sort((a, b) => y(a.points[at].value) - y(b.points[at].value))) {
    const here = y(line.points[at].value);
    lowest = Math.max(here, lowest + APART);
    shift.set(line, lowest - here);
  }
  return shift;
}

// A label stands on the side of its point where the line does not pass.
function side(points, at) {
  const above = (other) => (other && other.value !== null ? other.value - points[at].value : 0);
  return above(points[at - 1]) + above(points[at + 1]) > 0 ? "bottom" : "top";
}

export default function (data, kit) {
  const { style, isNarrow, width } = kit;
  const alone = data.lines.length === 1;
  const last = data.profiles.length - 1;
  const values = data.lines.flatMap((line) => line.points.map((point) => point.value)).filter((value) => value !== null);
  const { min, max } = kit.ends(values);
  const pad = (max - min) * (alone ? 0.16 : 0.06);
  const height = isNarrow ? 52 * data.profiles.length + 16 : 200 + 24 * Math.min(data.lines.length, 6);
  const plain = (line, at) => line.points[at].text + "  " + line.points[at].difference;
  const named = Math.max(...data.lines.map((line) => kit.measure(line.label + "  " + plain(line, last), 12, 600))) + 16;
  const isNamed = !alone && named < width * 0.42;
  const right = alone ? 8 : isNamed ? named : Math.max(...data.lines.map((line) => kit.measure(plain(line, last), 12, 600))) + 16;
  const y = (value) => ((max + pad - value) / (max - min + 2 * pad)) * (height - 66);
  const moved = { 0: shifts(data.lines, 0, y), [last]: shifts(data.lines, last, y) };
  const said = (line, at) => {
    if (!alone && (isNarrow || (at && at !== last))) return "";
    const { text, difference } = line.points[at];
    return (isNamed && at === last ? line.label + "  " : "") + text + (difference ? "  {soft|" + difference + "}" : "");
  };
  const place = (line, at) => {
    if (isNarrow) return "right";
    if (alone) return side(line.points, at);
    return at === last ? "right" : "left";
  };
  const amounts = kit.scale({ min: min - pad, max: max + pad, axisLabel: { show: false }, splitLine: { show: false } });
  const profiles = {
    ...kit.names(data.profiles, isNarrow ? width * 0.36 : (width - (alone ? 24 : right + 56)) / (last + 1) - 10, true),
    inverse: isNarrow,
    splitLine: { show: true, lineStyle: { color: style.line } },
  };
  profiles.axisLabel = { ...profiles.axisLabel, overflow: "break", lineHeight: 16 };
  return {
    ...kit.base(isNarrow ? { left: 0, right: alone ? 112 : 24, top: 8 } : { left: alone ? 8 : 56, right, top: 26 }),
    height,
    xAxis: isNarrow ? amounts : profiles,
    yAxis: isNarrow ? profiles : amounts,
    series: data.lines.map((line, n) => ({
      type: "line",
      name: line.label,
      symbol: "circle",
      symbolSize: 8,
      connectNulls: true,
      color: kit.look(n).color,
      lineStyle: { width: 2, type: kit.look(n).type },
      data: line.points.map((point, at) => ({
        value: isNarrow ? [point.value, at] : [at, point.value],
        href: line.href,
        label: {
          show: point.value !== null && Boolean(said(line, at)),
          position: place(line, at),
          offset: isNarrow || alone || !moved[at] ? [0, 0] : [0, moved[at].get(line) || 0],
          formatter: said(line, at),
          color: style.ink,
          fontWeight: n ? 400 : 600,
          textBorderColor: style.surface,
          textBorderWidth: 2,
          rich: { soft: { color: style["ink-soft"], fontWeight: 400, textBorderColor: style.surface, textBorderWidth: 2 } },
        },
      })),
      tooltip: { formatter: (hit) => line.label + "\n" + data.profiles[hit.dataIndex] + "  " + line.points[hit.dataIndex].text + " " + data.unit + "  " + line.points[hit.dataIndex].difference },
    })),
  };
}
