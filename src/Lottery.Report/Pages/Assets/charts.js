"use strict";
// Draws the charts of a page from their JSON (ChartJson.cs) with plotly.js, which a report contains compressed and a server
// sends.
const lottery = (() => {
  // As in Palette.cs: colours begin again after ten slots, with hollow markers and other dashes.
  const slots = 10;
  const symbols = ["circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down", "triangle-left", "triangle-right"];
  const symbol = slot => symbols[Math.max(0, slot) % slots] + (slot >= slots ? "-open" : "");
  const dashes = ["solid", "10px,4px", "14px,4px,3px,4px", "5px,3px", "18px,6px"];
  const dash = slot => slot < 0 ? "2px,3px" : dashes[(slot + Math.floor(slot / slots)) % dashes.length];
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = slot => style(slot < 0 ? "--none" : `--s${slot % slots}`);
  const font = () => style("--font").replaceAll('"', "");
  const withAlpha = (hex, alpha) => hex + Math.round(255 * alpha).toString(16).padStart(2, "0");

  const write = (value, format) => {
    if (value === null || value === undefined) return "–";
    if (typeof value !== "number") return value;
    const fixed = (number, digits) => number.toFixed(digits).replace("-", "−");
    if (format === "percent") return `${fixed(100 * value, 1)} %`;
    if (format === "density") return `${fixed(100 * value, value >= 0.01 || value === 0 ? 1 : 2)} %`;
    if (format === "count") return Math.round(value).toLocaleString("en-US").replace("-", "−");
    return String(Number(value.toPrecision(4))).replace("-", "−");
  };

  // The state of every chart: its data, its frame, and which names are hidden.
  const states = new Map();

  const logOf = (axis, ends) => axis.kind === "log" ? ends.map(Math.log10) : ends;

  // Ticks of the part of an axis that is shown: of the whole, and again after each zoom.
  const ticksOf = (axis, ends, most) => {
    const values = lotteryTicks.choose(axis, Math.min(...ends), Math.max(...ends), most);
    return { tickmode: "array", tickvals: values, ticktext: lotteryTicks.labels(axis, values) };
  };

  const axis = (kind, chart, ends, most, narrow) => {
    const of = chart[kind];
    const layout = {
      title: { text: of.label, standoff: 8, font: { size: 13, color: style("--soft") } },
      automargin: true, gridcolor: style("--grid"), linecolor: style("--line"), zeroline: false,
      tickfont: { size: 12, color: style("--soft") }, fixedrange: narrow,
    };
    if (of.kind === "log") layout.type = "log";
    if (of.kind === "names") Object.assign(layout, { type: "category", dtick: 1, gridcolor: "rgba(0,0,0,0)", tickfont: { size: 12, color: style("--ink") } });
    if (of.kind === "pixels") Object.assign(layout, { visible: false, constrain: "domain" });
    if (of.kind === "pixels" && kind === "y") Object.assign(layout, { autorange: "reversed", scaleanchor: "x" });
    if (of.kind === "names" && kind === "y") layout.autorange = "reversed";
    if (!ends) return layout;
    const range = logOf(of, ends);
    return Object.assign(layout, ticksOf(of, ends, most), { range: of.reversed ? range.toReversed() : range });
  };

  const heatScale = () => [0, 1, 2, 3].map(step => [step / 3, style(`--heat-${step}`)]);

  const hoverText = (chart, mark, i) => {
    const interval = mark.low[i] === null ? mark.n[i] === 1 ? "one replicate" : ""
      : `95 %: ${write(mark.low[i], chart.y.format)} to ${write(mark.high[i], chart.y.format)}, n = ${mark.n[i]}`;
    return `<b>${escape(mark.name)}</b><br>${write(mark.y[i], chart.y.format)}${interval && `<br>${interval}`}`
      + `<br>${escape(chart.x.label)} ${write(mark.x[i], chart.x.format)}<extra></extra>`;
  };
  const escape = text => String(text).replace(/[&<>]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

  // Long names are broken at their separators.
  const wrapped = name => escape(name).replaceAll(", ", ",<br>").replaceAll(" (", "<br>(").replaceAll(" · ", "<br>");

  const traces = (chart, panel, hidden) => panel.marks.flatMap(mark => {
    if (hidden.has(mark.name)) return [];
    const at = colour(mark.slot), sign = symbol(mark.slot);
    if (mark.kind === "heat") {
      const scale = { kind: "linear", format: mark.format };
      return [{
        type: "heatmap", z: mark.z, x: mark.columns.length ? mark.columns.map(wrapped) : undefined, y: mark.rows.length ? mark.rows : undefined,
        zmin: mark.range[0], zmax: mark.range[1], colorscale: heatScale(), xgap: mark.columns.length ? 2 : 0, ygap: mark.rows.length ? 2 : 0,
        showscale: chart.frames[0].panels.length === 1,
        colorbar: { thickness: 10, outlinewidth: 0, tickfont: { size: 11, color: style("--soft") }, ...ticksOf(scale, lotteryTicks.extent(scale, mark.range), 6) },
        text: mark.columns.length ? mark.z.map(row => row.map(value => value === null ? "" : write(value, mark.format))) : undefined,
        texttemplate: mark.columns.length ? "%{text}" : undefined,
        customdata: mark.z.map(row => row.map(value => write(value, mark.format))),
        hovertemplate: mark.columns.length ? `%{y}<br>%{x}<br>%{customdata}<extra></extra>`
          : `row %{y}, column %{x}<br>${escape(mark.name)} %{customdata}<extra></extra>`,
      }];
    }
    if (mark.kind === "dots") {
      return [{
        type: "scatter", mode: "markers", name: mark.name, x: mark.x, y: mark.y,
        marker: { color: withAlpha(at, 0.55), size: 3.5, symbol: symbols[mark.slot % slots] },
        hovertemplate: mark.x.map((x, i) => `${escape(mark.name)}<br>${write(x, chart.x.format)}, ${write(mark.y[i], chart.y.format)}<extra></extra>`),
      }];
    }
    if (mark.kind === "bars") {
      return [{
        type: "bar", orientation: "h", name: mark.name, x: mark.y, y: mark.x.map(wrapped), marker: { color: withAlpha(at, mark.slot < 0 ? 0.45 : 0.9) },
        error_x: mark.low.some(low => low !== null) ? {
          type: "data", symmetric: false, color: style("--ink"), thickness: 1.2, width: 4,
          array: mark.high.map((high, i) => high === null ? 0 : high - mark.y[i]), arrayminus: mark.low.map((low, i) => low === null ? 0 : mark.y[i] - low),
        } : undefined,
        hovertemplate: mark.x.map((_, i) => hoverText(chart, mark, i)),
      }];
    }
    const whole = mark.x.map((_, i) => i).filter(i => mark.low[i] !== null && mark.high[i] !== null);
    const many = panel.marks.filter(other => other.kind === "line").length > 4;
    const band = whole.length > 1 ? [{
      type: "scatter", mode: "lines", hoverinfo: "skip", line: { width: 0 }, fill: "toself", fillcolor: withAlpha(at, many ? 0.07 : 0.16),
      x: [...whole.map(i => mark.x[i]), ...whole.toReversed().map(i => mark.x[i])],
      y: [...whole.map(i => mark.high[i]), ...whole.toReversed().map(i => mark.low[i])],
    }] : [];
    return [...band, {
      type: "scatter", mode: mark.markers ? "lines+markers" : "lines", name: mark.name, x: mark.x, y: mark.y, cliponaxis: !mark.markers || Boolean(panel.zoom),
      line: { color: at, width: mark.slot < 0 ? 1.5 : 2, dash: dash(mark.slot) },
      marker: { color: at, size: mark.x.length === 1 ? 10 : 7, symbol: sign, line: { color: mark.slot < slots ? style("--card") : at, width: 1 } },
      hovertemplate: mark.x.map((_, i) => hoverText(chart, mark, i)),
    }];
  });

  const position = (axis, value) => axis.kind === "log" ? Math.log10(value) : value;

  // Names at the ends of up to four lines, moved apart where they would overlap.
  const endLabels = (chart, panel, hidden, height) => {
    const lines = panel.marks.filter(mark => mark.kind === "line" && !hidden.has(mark.name) && mark.x.length > 1);
    if (panel.zoom || panel.enlarged || chart.frames[0].panels.length > 1 || lines.length < 2 || lines.length > 4
      || lines.some(mark => mark.name.length > 22)) return [];
    const all = lines.flatMap(mark => [...mark.y, ...mark.low, ...mark.high]).filter(value => value !== null);
    const span = (chart.y.range ?? [Math.min(...all), Math.max(...all)]).map(value => position(chart.y, value));
    const pixels = value => (height - 90) * (position(chart.y, value) - span[0]) / (span[1] - span[0] || 1);
    const labels = lines.map(mark => ({ mark, at: pixels(mark.y.at(-1)) })).sort((a, b) => a.at - b.at);
    labels.forEach((label, i) => { label.to = i ? Math.max(label.at, labels[i - 1].to + 16) : label.at; });
    return labels.map(({ mark, at, to }) => ({
      x: position(chart.x, mark.x.at(-1)), y: position(chart.y, mark.y.at(-1)), text: escape(mark.name),
      showarrow: false, xanchor: "left", xshift: 9, yshift: to - at, font: { size: 12.5, color: style("--ink") },
    }));
  };

  // Values next to the bars, beyond their whiskers.
  const barLabels = (chart, panel, hidden) => {
    const shown = panel.marks.filter(mark => mark.kind === "bars" && !hidden.has(mark.name));
    return shown.flatMap((mark, m) => mark.x.map((name, i) => ({
      x: Math.max(mark.y[i], mark.high[i] ?? 0), y: wrapped(name), text: write(mark.y[i], chart.y.format), showarrow: false, xanchor: "left",
      xshift: 5, yshift: ((shown.length - 1) / 2 - m) * 16, font: { size: 12, color: style("--ink") },
    })));
  };

  const valuesOf = (marks, kind) => marks.flatMap(mark => kind === "x" || !mark.low ? mark[kind] : [...mark.y, ...mark.low, ...mark.high]).filter(value => value !== null);

  const mostTicks = (kind, width, height) => kind === "x" ? Math.min(9, Math.floor((width - 80) / 70)) : Math.min(8, Math.floor((height - 60) / 36));

  const layoutOf = (state, panel, width) => {
    const { chart, hidden } = state;
    const isZoom = Boolean(panel.zoom || panel.enlarged), narrow = width < 560;
    const many = !isZoom && chart.frames[state.frame].panels.length > 1;
    const pixels = chart.x.kind === "pixels";
    const names = new Set(panel.marks.flatMap(mark => mark.kind === "bars" ? mark.x : mark.kind === "heat" ? mark.rows : []));
    const height = names.size ? 90 + names.size * (narrow ? 54 : 42) : pixels ? Math.min(width, many ? 220 : 380) + 8 : many ? 240 : narrow ? 320 : 400;
    const lying = panel.marks.find(mark => mark.kind === "bars");
    const labels = lying || narrow ? [] : endLabels(chart, panel, hidden, height);
    const shown = panel.marks.filter(mark => !hidden.has(mark.name));
    const ends = (kind, axis, values) => axis.kind === "names" || axis.kind === "pixels" ? null
      : kind === "y" && panel.zoom ? panel.zoom : lotteryTicks.extent(axis, valuesOf(values, kind));
    const most = kind => mostTicks(kind, width, height);
    const x = axis("x", chart, ends("x", chart.x, shown), most("x"), narrow), y = axis("y", chart, ends("y", chart.y, shown), most(lying ? "x" : "y"), narrow);
    const frame = panel.enlarged ? [{
      type: "rect", xref: "paper", x0: 0, x1: 1, y0: panel.enlarged[0], y1: panel.enlarged[1], line: { color: style("--soft"), width: 1, dash: "2px,3px" },
    }] : [];
    return {
      height, width, autosize: false, barmode: "group", bargap: 0.35, bargroupgap: 0.08, hovermode: "closest", showlegend: false, annotations: lying ? barLabels(chart, panel, hidden) : labels,
      shapes: frame, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: font(), color: style("--ink") },
      margin: pixels ? { l: 4, r: 4, t: 4, b: 4 } : { l: 8, r: labels.length ? 8 + 7.4 * Math.max(...labels.map(label => label.text.length)) : 12, t: 12, b: 8 },
      hoverlabel: { bgcolor: style("--card"), bordercolor: style("--line"), font: { color: style("--ink"), size: 13 }, align: "left" },
      xaxis: lying ? { ...y, range: [y.range[0], y.range[1] * (narrow ? 1.35 : 1.1)] } : x, yaxis: lying ? { ...x, title: undefined, autorange: "reversed" } : y, dragmode: narrow ? false : "zoom",
      uirevision: `${state.frame} ${[...hidden].join()}`,
    };
  };

  // A zoom changes the range of an axis; its ticks are chosen again.
  const follow = (plot, state) => plot.on("plotly_relayout", changed => {
    const update = {};
    const lying = plot.data.some(trace => trace.type === "bar");
    for (const kind of ["x", "y"]) {
      const axis = state.chart[lying ? "y" : kind], { range } = plot.layout[`${kind}axis`];
      if (axis.kind !== "linear" && axis.kind !== "log" || lying && kind === "y" || !Object.keys(changed).some(key => key.startsWith(`${kind}axis.`) && !key.includes("tick"))) continue;
      const ends = axis.kind === "log" ? range.map(end => 10 ** end) : range;
      for (const [key, value] of Object.entries(ticksOf(axis, ends, mostTicks(kind, plot.layout.width, plot.layout.height)))) update[`${kind}axis.${key}`] = value;
    }
    if (Object.keys(update).length) Plotly.relayout(plot, update);
  });

  const draw = state => {
    const { element, chart } = state;
    const frame = chart.frames[state.frame];
    const live = element.querySelector(".live");
    let grid = live.querySelector(".panels");
    if (!grid || grid.children.length !== frame.panels.length) {
      live.replaceChildren(grid = document.createElement("div"));
      grid.className = "panels";
      for (const panel of frame.panels) {
        const cell = grid.appendChild(document.createElement("div"));
        if (panel.label) cell.appendChild(document.createElement("h4")).textContent = panel.label;
        const plot = cell.appendChild(document.createElement("div"));
        plot.setAttribute("role", "img");
      }
    }
    const least = chart.x.kind === "pixels" ? 130 : 250;
    const available = live.clientWidth;
    const across = frame.panels.length === 1 ? 1 : Math.max(1, Math.min(frame.panels.length, Math.floor((available + 16) / (least + 16)), chart.x.kind === "pixels" ? 6 : 4));
    grid.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    const width = Math.floor((available - 16 * (across - 1)) / across);
    state.done = Promise.all(frame.panels.map((panel, i) => {
      const cell = grid.children[i], plot = cell.lastElementChild;
      if (panel.label) cell.firstElementChild.textContent = panel.label;
      plot.setAttribute("aria-label", [chart.title, frame.label, panel.label].filter(Boolean).join(", ") + "; its numbers are in the table below");
      return Plotly.react(plot, traces(chart, panel, state.hidden), layoutOf(state, panel, width),
        { displayModeBar: false, responsive: false, doubleClick: "reset" }).then(() => {
        if (!plot.dataset.followed) follow(plot, state);
        plot.dataset.followed = "yes";
      });
    })).then(() => { element.dataset.drawn = String(state.frame); });
    return state.done;
  };

  const swatch = mark => {
    const at = colour(mark.slot);
    const path = { circle: "M11 2a4 4 0 1 0 .01 0z", square: "M7 2h8v8h-8z", diamond: "M11 1l5 5-5 5-5-5z", "triangle-up": "M11 1l5 9h-10z",
      x: "M7 2l4 3 4-3 1 1-3 3 3 3-1 1-4-3-4 3-1-1 3-3-3-3z", star: "M11 0l1.5 4.5H17l-3.600 2.700 1.400 4.300L11 9l-3.800 2.500 1.400-4.300L5 4.500h4.500z",
      cross: "M9 1h4v3h3v4h-3v3h-4v-3h-3v-4h3z", "triangle-down": "M6 2h10l-5 9z", "triangle-left": "M15 1v10l-9-5z", "triangle-right": "M7 1v10l9-5z" }[symbols[Math.max(0, mark.slot) % slots]];
    const pattern = dash(mark.slot) === "solid" ? "" : ` stroke-dasharray="${dash(mark.slot).replaceAll("px", "")}"`;
    const line = mark.kind === "line" ? `<path d="M0 6h36" stroke="${at}" stroke-width="2"${pattern}/>` : "";
    const sign = mark.slot < slots ? `<path d="${path}" fill="${at}"/>` : `<path d="${path}" fill="${style("--card")}" stroke="${at}" stroke-width="1.4"/>`;
    const dot = mark.kind === "line" && !mark.markers ? "" : mark.kind === "bars" ? `<path d="M5 0h12v12H5z" fill="${at}"/>` : mark.kind === "line" ? `<g transform="translate(7)">${sign}</g>` : sign;
    return `<svg viewBox="0 0 ${mark.kind === "line" ? 36 : 22} 12" aria-hidden="true"${mark.kind === "line" ? ' class="line"' : ""}>${line}${dot}</svg>`;
  };

  const legendMarks = state => new Map(state.chart.frames[state.frame].panels.flatMap(panel => panel.marks)
    .filter(mark => mark.kind !== "heat").map(mark => [mark.name, mark]));

  const legend = state => {
    const container = state.element.querySelector(".legend"), marks = legendMarks(state);
    if (marks.size < 2) return container.replaceChildren();
    container.replaceChildren(...[...marks.values()].map(mark => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(!state.hidden.has(mark.name)));
      button.innerHTML = swatch(mark);
      button.append(mark.name);
      button.addEventListener("click", () => {
        if (!state.hidden.delete(mark.name)) state.hidden.add(mark.name);
        button.setAttribute("aria-pressed", String(!state.hidden.has(mark.name)));
        draw(state);
      });
      return button;
    }));
  };

  // A slider if the frames are densities or steps, a list if they are names.
  const steps = state => {
    const container = state.element.querySelector(".steps"), { chart } = state;
    if (chart.frames.length < 2) return;
    const id = `${state.element.id}-steps`;
    const label = document.createElement("label");
    Object.assign(label, { htmlFor: id, textContent: chart.steps });
    const go = frame => { state.frame = Number(frame); show(); legend(state); draw(state); };
    const output = document.createElement("output");
    const ordered = chart.frames.every(frame => /^[\d.,]+( %)?$/.test(frame.label));
    const control = document.createElement(ordered ? "input" : "select");
    if (ordered) Object.assign(control, { type: "range", min: 0, max: chart.frames.length - 1, step: 1 });
    else control.append(...chart.frames.map((frame, i) => new Option(frame.label, i)));
    const show = () => {
      control.value = state.frame;
      output.textContent = ordered ? chart.frames[state.frame].label : "";
      if (ordered) control.setAttribute("aria-valuetext", chart.frames[state.frame].label);
    };
    control.id = id;
    control.addEventListener("input", () => go(control.value));
    container.replaceChildren(label, control, ...ordered ? [output] : []);
    show();
  };

  // All values, one per row, as in ChartTable.cs.
  const rows = chart => {
    const several = chart.frames.length > 1, own = frame => frame.panels.filter(panel => !panel.zoom), panels = chart.frames.some(frame => own(frame).length > 1);
    const first = chart.frames[0].panels[0].marks[0].kind;
    const head = [...several ? [chart.steps] : [], ...panels ? [chart.panels] : [], chart.series,
      ...first === "heat" ? [chart.y.label, chart.x.label, "value"]
        : first === "dots" ? [chart.x.label, chart.y.label] : [chart.x.label, chart.y.label, "low", "high", "n"]];
    const values = mark => mark.kind === "heat"
      ? mark.z.flatMap((row, r) => row.map((value, c) => [mark.rows[r] ?? r, mark.columns[c] ?? c, value]))
      : mark.x.map((x, i) => mark.kind === "dots" ? [x, mark.y[i]] : [x, mark.y[i], mark.low[i], mark.high[i], mark.n[i] || null]);
    const body = chart.frames.flatMap(frame => own(frame).flatMap(panel => panel.marks.flatMap(mark => values(mark).map(row =>
      [...several ? [frame.label] : [], ...panels ? [panel.label] : [], mark.name, ...row]))));
    const formats = [...several ? [""] : [], ...panels ? [""] : [], "", ...first === "heat" ? ["count", "count", chart.frames[0].panels[0].marks[0].format]
      : [chart.x.format, chart.y.format, chart.y.format, chart.y.format, "count"]];
    return { head, body, formats };
  };

  const csv = chart => {
    const { head, body } = rows(chart);
    const quote = cell => cell === null ? "" : /[",\r\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
    return [head, ...body].map(row => row.map(quote).join(",") + "\r\n").join("");
  };

  const mostRows = 1000;
  const fillTable = state => {
    const container = state.element.querySelector(".scroll");
    if (container.querySelector("table")) return;
    const { head, body, formats } = rows(state.chart);
    const table = document.createElement("table");
    const headings = table.createTHead().insertRow();
    for (const [i, name] of head.entries()) {
      const th = headings.appendChild(document.createElement("th"));
      Object.assign(th, { scope: "col", textContent: name, className: formats[i] ? "n" : "" });
    }
    const lines = table.createTBody();
    for (const row of body.slice(0, mostRows)) {
      const line = lines.insertRow();
      row.forEach((value, i) => { Object.assign(line.insertCell(), { textContent: write(value, formats[i]), className: formats[i] ? "n" : "" }); });
    }
    container.replaceChildren(table);
    if (body.length > mostRows) {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = `The first ${mostRows.toLocaleString("en-US")} of ${body.length.toLocaleString("en-US")} rows; the CSV file has all.`;
      container.append(note);
    }
  };

  const download = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const save = async (state, format) => {
    const name = state.element.id || state.chart.key;
    if (format === "csv") return download(`${name}.csv`, new Blob([csv(state.chart)], { type: "text/csv;charset=utf-8" }));
    const source = await compose(state);
    if (format === "svg") return download(`${name}.svg`, new Blob([source], { type: "image/svg+xml" }));
    download(`${name}.png`, await raster(source));
  };

  // Saved images are light, whatever the page is.
  const inLight = make => {
    const { dataset } = document.documentElement, before = dataset.theme;
    dataset.theme = "light";
    try { return make(); } finally { if (before === undefined) delete dataset.theme; else dataset.theme = before; }
  };

  // The shown frame with its legend and panels as one SVG; the title is the caption's, in a paper.
  const compose = async state => {
    const { chart, hidden } = state, frame = chart.frames[state.frame], whole = 760, gap = 12;
    const across = frame.panels.length === 1 ? 1 : Math.min(frame.panels.length, chart.x.kind === "pixels" ? 6 : 3);
    const width = Math.floor((whole - gap * (across - 1)) / across), heading = frame.panels.length > 1 ? 20 : 0;
    const { parts, key, ink, soft } = inLight(() => ({
      parts: frame.panels.map(panel => ({ data: traces(chart, panel, hidden), layout: layoutOf(state, panel, width) })),
      key: [...legendMarks(state).values()].filter(mark => !hidden.has(mark.name)).map(mark => ({ name: mark.name, swatch: swatch(mark) })),
      ink: style("--ink"), soft: style("--soft"),
    }));
    const images = await Promise.all(parts.map(part => Plotly.toImage(part, { format: "svg", width, height: part.layout.height })));
    let x = 8, y = frame.label ? 30 : 8, text = "";
    if (key.length > 1) {
      for (const { name, swatch: sign } of key) {
        const entryWidth = 60 + 7.2 * name.length;
        if (x > 8 && x + entryWidth > whole) [x, y] = [8, y + 20];
        text += `<g transform="translate(${x} ${y})">${sign.replace("<svg", '<svg width="36" height="12"')}</g>`
          + `<text x="${x + 42}" y="${y + 10}" font-size="12.5" fill="${ink}">${escape(name)}</text>`;
        x += entryWidth;
      }
      y += 22;
    }
    const tall = parts[0].layout.height + heading;
    images.forEach((image, i) => {
      const left = i % across * (width + gap), top = y + Math.floor(i / across) * (tall + gap);
      if (heading) text += `<text x="${left + width / 2}" y="${top + 13}" font-size="12.5" text-anchor="middle" fill="${ink}">${escape(frame.panels[i].label)}</text>`;
      text += decodeURIComponent(image.slice(image.indexOf(",") + 1)).replace("<svg", `<svg x="${left}" y="${top + heading}"`);
    });
    const height = y + Math.ceil(images.length / across) * (tall + gap);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${height}" viewBox="0 0 ${whole} ${height}" font-family='${font()}'>`
      + `<title>${escape(chart.title)}</title><rect width="100%" height="100%" fill="#fff"/>`
      + (frame.label ? `<text x="8" y="20" font-size="12.5" fill="${soft}">${escape(`${chart.steps}: ${frame.label}`)}</text>` : "")
      + `${text}</svg>`;
  };

  const raster = async source => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    context.drawImage(image, 0, 0);
    URL.revokeObjectURL(image.src);
    return new Promise(done => canvas.toBlob(done, "image/png"));
  };

  // Shows a chart; called again with newer data, it keeps the frame and what is hidden.
  const show = (element, chart) => {
    const before = states.get(element);
    // An enlarged panel shows the marks of the frame's first panel.
    for (const { panels } of chart.frames) for (const panel of panels) if (panel.zoom) panel.marks = panels[0].marks;
    const state = { element, chart, frame: Math.min(before?.frame ?? chart.first, chart.frames.length - 1), hidden: before?.hidden ?? new Set() };
    states.set(element, state);
    legend(state);
    steps(state);
    if (!before) {
      for (const button of element.querySelectorAll("[data-save]"))
        button.addEventListener("click", () => save(states.get(element), button.dataset.save));
      element.querySelector("details").addEventListener("toggle", () => fillTable(states.get(element)));
    }
    return draw(state);
  };

  const redraw = () => { for (const state of states.values()) { legend(state); draw(state); } };

  // Charts are drawn when they come near the viewport, so that a long report opens at once.
  const start = () => {
    const near = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        show(target, JSON.parse(target.querySelector("script.data").textContent));
      }
    }, { rootMargin: "600px" });
    for (const element of document.querySelectorAll("figure.chart")) near.observe(element);
    document.addEventListener("themechange", redraw);
    let width = innerWidth, waiting = 0;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(redraw, 120);
    });
  };

  // Decompresses the plotly.js that the page contains.
  const unpack = async packed => {
    const bytes = Uint8Array.from(atob(packed.textContent), c => c.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    const script = document.createElement("script");
    script.nonce = packed.nonce;
    script.textContent = text;
    document.head.append(script);
  };

  const packed = document.getElementById("plotly");
  const ready = (packed ? unpack(packed) : Promise.resolve()).then(start).catch(error => {
    document.documentElement.classList.replace("scripted", "unscripted");
    console.warn(error);
  });
  return { show, csv, states, ready, ticks: lotteryTicks };
})();
