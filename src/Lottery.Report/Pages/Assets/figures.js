"use strict";
// Draws the figures of a page: Figure in C# says what, this says how. Needs plotly.js, which a report carries
// compressed and a server hands out.
const lottery = (() => {
  const symbols = ["circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down"];
  const dashes = ["solid", "dash", "dot", "dashdot"];
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = slot => style(slot < 0 ? "--none" : `--s${slot % 8}`);
  const faint = (hex, share) => hex + Math.round(255 * share).toString(16).padStart(2, "0");

  const write = (value, form) => {
    if (value === null || value === undefined) return "–";
    if (typeof value !== "number") return value;
    const fixed = (number, digits) => number.toFixed(digits).replace("-", "−");
    if (form === "share") return `${fixed(100 * value, 1)} %`;
    if (form === "density") return `${fixed(100 * value, value >= 0.01 || value === 0 ? 1 : 2)} %`;
    if (form === "count") return Math.round(value).toLocaleString("en-US").replace("-", "−");
    return String(Number(value.toPrecision(4))).replace("-", "−");
  };

  // Every figure's state: its numbers, its frame, and which names are hidden.
  const states = new Map();

  const axis = (kind, figure, narrow) => {
    const of = figure[kind];
    const form = of.form === "share" || of.form === "density" ? ",.3~%" : of.form === "count" ? ",d" : "~g";
    const layout = {
      title: { text: of.label, standoff: 8, font: { size: 13, color: style("--soft") } },
      automargin: true, gridcolor: style("--grid"), linecolor: style("--line"), zeroline: false, tickformat: form,
      tickfont: { size: 12, color: style("--soft") }, fixedrange: narrow, nticks: narrow ? 5 : 8, hoverformat: form,
    };
    if (of.kind === "log") layout.type = "log";
    if (of.kind === "names") Object.assign(layout, { type: "category", gridcolor: "rgba(0,0,0,0)" });
    if (of.kind === "pixels") Object.assign(layout, { visible: false, constrain: "domain" });
    if (of.kind === "pixels" && kind === "y") Object.assign(layout, { autorange: "reversed", scaleanchor: "x" });
    if (of.kind === "names" && kind === "y") layout.autorange = "reversed";
    if (of.ticks.length) Object.assign(layout, { tickmode: "array", tickvals: of.ticks, ticktext: of.tickLabels });
    if (of.range) {
      const ends = of.kind === "log" ? of.range.map(Math.log10) : of.range;
      layout.range = of.reversed ? [ends[1], ends[0]] : ends;
    } else if (of.reversed) layout.autorange = "reversed";
    return layout;
  };

  const heatScale = () => [0, 1, 2, 3].map(step => [step / 3, style(`--heat-${step}`)]);

  const told = (figure, mark, i) => {
    const interval = mark.low[i] === null ? mark.n[i] === 1 ? "one replicate" : ""
      : `95 %: ${write(mark.low[i], figure.y.form)} to ${write(mark.high[i], figure.y.form)}, n = ${mark.n[i]}`;
    return `<b>${escape(mark.name)}</b><br>${write(mark.y[i], figure.y.form)}${interval && `<br>${interval}`}`
      + `<br>${escape(figure.x.label)} ${write(mark.x[i], figure.x.form)}<extra></extra>`;
  };
  const escape = text => String(text).replace(/[&<>]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

  const traces = (figure, panel, hidden) => panel.marks.flatMap(mark => {
    if (hidden.has(mark.name)) return [];
    const at = colour(mark.slot), symbol = symbols[Math.max(0, mark.slot) % 8];
    if (mark.kind === "heat") {
      return [{
        type: "heatmap", z: mark.z, x: mark.columns.length ? mark.columns : undefined, y: mark.rows.length ? mark.rows : undefined,
        zmin: mark.range[0], zmax: mark.range[1], colorscale: heatScale(), xgap: mark.columns.length ? 2 : 0, ygap: mark.rows.length ? 2 : 0,
        showscale: figure.frames[0].panels.length === 1,
        colorbar: { thickness: 10, outlinewidth: 0, tickfont: { size: 11, color: style("--soft") }, tickformat: mark.form === "number" ? "~g" : ".3~%" },
        text: mark.columns.length ? mark.z.map(row => row.map(value => value === null ? "" : write(value, mark.form))) : undefined,
        texttemplate: mark.columns.length ? "%{text}" : undefined,
        customdata: mark.z.map(row => row.map(value => write(value, mark.form))),
        hovertemplate: mark.columns.length ? `%{y}<br>%{x}<br>%{customdata}<extra></extra>`
          : `row %{y}, column %{x}<br>${escape(mark.name)} %{customdata}<extra></extra>`,
      }];
    }
    if (mark.kind === "dots") {
      return [{
        type: "scatter", mode: "markers", name: mark.name, x: mark.x, y: mark.y,
        marker: { color: faint(at, 0.55), size: 3.5, symbol }, hovertemplate: `${escape(mark.name)}<br>%{x:.3~g}, %{y:.3~g}<extra></extra>`,
      }];
    }
    if (mark.kind === "bars") {
      return [{
        type: "bar", name: mark.name, x: mark.x, y: mark.y, marker: { color: faint(at, mark.slot < 0 ? 0.45 : 0.9) },
        text: mark.y.map(value => write(value, figure.y.form)), textposition: "outside", cliponaxis: false,
        error_y: mark.low.some(low => low !== null) ? {
          type: "data", symmetric: false, color: style("--ink"), thickness: 1.2, width: 4,
          array: mark.high.map((high, i) => high === null ? 0 : high - mark.y[i]), arrayminus: mark.low.map((low, i) => low === null ? 0 : mark.y[i] - low),
        } : undefined,
        hovertemplate: mark.x.map((_, i) => told(figure, mark, i)),
      }];
    }
    const whole = mark.x.map((_, i) => i).filter(i => mark.low[i] !== null && mark.high[i] !== null);
    const band = whole.length > 1 ? [{
      type: "scatter", mode: "lines", hoverinfo: "skip", line: { width: 0 }, fill: "toself", fillcolor: faint(at, 0.15),
      x: [...whole.map(i => mark.x[i]), ...whole.toReversed().map(i => mark.x[i])],
      y: [...whole.map(i => mark.high[i]), ...whole.toReversed().map(i => mark.low[i])],
    }] : [];
    return [...band, {
      type: "scatter", mode: mark.dotted ? "lines+markers" : "lines", name: mark.name, x: mark.x, y: mark.y,
      line: { color: at, width: 2, dash: mark.slot < 0 ? "dash" : dashes[Math.floor(mark.slot / 8) % 4] },
      marker: { color: at, size: 7, symbol, line: { color: style("--card"), width: 1 } },
      hovertemplate: mark.x.map((_, i) => told(figure, mark, i)),
    }];
  });

  // Names at the ends of few lines, moved apart where they would touch.
  const endLabels = (figure, panel, hidden, height) => {
    const lines = panel.marks.filter(mark => mark.kind === "line" && !hidden.has(mark.name) && mark.x.length);
    if (figure.frames[0].panels.length > 1 || lines.length < 2 || lines.length > 4) return [];
    const all = lines.flatMap(mark => [...mark.y, ...mark.low, ...mark.high]).filter(value => value !== null);
    const span = figure.y.range ?? [Math.min(...all), Math.max(...all)];
    const pixels = value => (height - 90) * (value - span[0]) / (span[1] - span[0] || 1);
    const labels = lines.map(mark => ({ mark, at: pixels(mark.y.at(-1)) })).sort((a, b) => a.at - b.at);
    labels.forEach((label, i) => { label.to = i ? Math.max(label.at, labels[i - 1].to + 16) : label.at; });
    return labels.map(({ mark, at, to }) => ({
      x: figure.x.kind === "log" ? Math.log10(mark.x.at(-1)) : mark.x.at(-1), y: mark.y.at(-1), text: escape(mark.name),
      showarrow: false, xanchor: "left", xshift: 9, yshift: to - at, font: { size: 12.5, color: colour(mark.slot) },
    }));
  };

  const layoutOf = (state, panel, width) => {
    const { figure, hidden } = state;
    const many = figure.frames[0].panels.length > 1, narrow = width < 560;
    const pixels = figure.x.kind === "pixels";
    const height = pixels ? Math.min(width, many ? 220 : 380) + 8 : many ? 240 : narrow ? 320 : 400;
    const labels = narrow ? [] : endLabels(figure, panel, hidden, height);
    return {
      height, width, autosize: false, barmode: "group", bargap: 0.3, hovermode: "closest", showlegend: false, annotations: labels,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: style("font-family") || "system-ui, sans-serif", color: style("--ink") },
      margin: pixels ? { l: 4, r: 4, t: 4, b: 4 } : { l: 8, r: labels.length ? 8 + 7.4 * Math.max(...labels.map(label => label.text.length)) : 12, t: 12, b: 8 },
      hoverlabel: { bgcolor: style("--card"), bordercolor: style("--line"), font: { color: style("--ink"), size: 13 }, align: "left" },
      xaxis: axis("x", figure, narrow), yaxis: axis("y", figure, narrow), dragmode: narrow ? false : "zoom",
      uirevision: `${state.frame}`,
    };
  };

  const draw = state => {
    const { element, figure } = state;
    const frame = figure.frames[state.frame];
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
    const least = figure.x.kind === "pixels" ? 130 : 250;
    const room = live.clientWidth;
    const across = frame.panels.length === 1 ? 1 : Math.max(1, Math.min(frame.panels.length, Math.floor((room + 16) / (least + 16)), 4));
    grid.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    const width = Math.floor((room - 16 * (across - 1)) / across);
    state.done = Promise.all(frame.panels.map((panel, i) => {
      const cell = grid.children[i], plot = cell.lastElementChild;
      if (panel.label) cell.firstElementChild.textContent = panel.label;
      plot.setAttribute("aria-label", [figure.title, frame.label, panel.label].filter(Boolean).join(", ") + "; its numbers are in the table below");
      return Plotly.react(plot, traces(figure, panel, state.hidden), layoutOf(state, panel, width),
        { displayModeBar: false, responsive: false, doubleClick: "reset" });
    })).then(() => { element.dataset.drawn = String(state.frame); });
    return state.done;
  };

  const swatch = mark => {
    const at = colour(mark.slot);
    const path = { circle: "M11 2a4 4 0 1 0 .01 0z", square: "M7 2h8v8h-8z", diamond: "M11 1l5 5-5 5-5-5z", "triangle-up": "M11 1l5 9h-10z",
      x: "M7 2l4 3 4-3 1 1-3 3 3 3-1 1-4-3-4 3-1-1 3-3-3-3z", star: "M11 0l1.5 4.5H17l-3.600 2.700 1.400 4.300L11 9l-3.800 2.500 1.400-4.300L5 4.500h4.500z",
      cross: "M9 1h4v3h3v4h-3v3h-4v-3h-3v-4h3z", "triangle-down": "M6 2h10l-5 9z" }[symbols[Math.max(0, mark.slot) % 8]];
    const line = mark.kind === "line" ? `<path d="M0 6h22" stroke="${at}" stroke-width="2" ${mark.slot < 0 ? 'stroke-dasharray="4 3"' : ""}/>` : "";
    const dot = mark.kind === "bars" ? `<path d="M5 0h12v12H5z" fill="${at}"/>` : mark.slot < 0 && line ? "" : `<path d="${path}" fill="${at}"/>`;
    return `<svg viewBox="0 0 22 12" aria-hidden="true">${line}${dot}</svg>`;
  };

  const legend = state => {
    const place = state.element.querySelector(".legend");
    const marks = new Map(state.figure.frames.flatMap(frame => frame.panels).flatMap(panel => panel.marks)
      .filter(mark => mark.kind !== "heat").map(mark => [mark.name, mark]));
    if (marks.size < 2) return;
    place.replaceChildren(...[...marks.values()].map(mark => {
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

  // A slider where the steps are densities or steps in order, a list where they are names.
  const steps = state => {
    const place = state.element.querySelector(".steps"), { figure } = state;
    if (figure.frames.length < 2) return;
    const id = `${state.element.id}-steps`;
    const label = document.createElement("label");
    Object.assign(label, { htmlFor: id, textContent: figure.steps });
    const go = frame => { state.frame = Number(frame); show(); draw(state); };
    const output = document.createElement("output");
    const ordered = figure.frames.every(frame => /^[\d.,]+( %)?$/.test(frame.label));
    const control = document.createElement(ordered ? "input" : "select");
    if (ordered) Object.assign(control, { type: "range", min: 0, max: figure.frames.length - 1, step: 1 });
    else control.append(...figure.frames.map((frame, i) => new Option(frame.label, i)));
    const show = () => {
      control.value = state.frame;
      output.textContent = ordered ? figure.frames[state.frame].label : "";
      if (ordered) control.setAttribute("aria-valuetext", figure.frames[state.frame].label);
    };
    control.id = id;
    control.addEventListener("input", () => go(control.value));
    place.replaceChildren(label, control, ...ordered ? [output] : []);
    show();
  };

  // All values, one a line, as FigureTable in C# has them.
  const rows = figure => {
    const several = figure.frames.length > 1, panels = figure.frames.some(frame => frame.panels.length > 1);
    const first = figure.frames[0].panels[0].marks[0].kind;
    const head = [...several ? [figure.steps] : [], ...panels ? [figure.panels] : [], figure.series,
      ...first === "heat" ? [figure.y.label, figure.x.label, "value"]
        : first === "dots" ? [figure.x.label, figure.y.label] : [figure.x.label, figure.y.label, "low", "high", "n"]];
    const values = mark => mark.kind === "heat"
      ? mark.z.flatMap((row, r) => row.map((value, c) => [mark.rows[r] ?? r, mark.columns[c] ?? c, value]))
      : mark.x.map((x, i) => mark.kind === "dots" ? [x, mark.y[i]] : [x, mark.y[i], mark.low[i], mark.high[i], mark.n[i] || null]);
    const body = figure.frames.flatMap(frame => frame.panels.flatMap(panel => panel.marks.flatMap(mark => values(mark).map(row =>
      [...several ? [frame.label] : [], ...panels ? [panel.label] : [], mark.name, ...row]))));
    const forms = [...several ? [""] : [], ...panels ? [""] : [], "", ...first === "heat" ? ["count", "count", figure.frames[0].panels[0].marks[0].form]
      : [figure.x.form, figure.y.form, figure.y.form, figure.y.form, "count"]];
    return { head, body, forms };
  };

  const csv = figure => {
    const { head, body } = rows(figure);
    const quote = cell => cell === null ? "" : /[",\r\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
    return [head, ...body].map(row => row.map(quote).join(",") + "\r\n").join("");
  };

  const longest = 1000;
  const fillTable = state => {
    const place = state.element.querySelector(".scroll");
    if (place.querySelector("table")) return;
    const { head, body, forms } = rows(state.figure);
    const table = document.createElement("table");
    const headings = table.createTHead().insertRow();
    for (const [i, name] of head.entries()) {
      const th = headings.appendChild(document.createElement("th"));
      Object.assign(th, { scope: "col", textContent: name, className: forms[i] ? "n" : "" });
    }
    const lines = table.createTBody();
    for (const row of body.slice(0, longest)) {
      const line = lines.insertRow();
      row.forEach((value, i) => { Object.assign(line.insertCell(), { textContent: write(value, forms[i]), className: forms[i] ? "n" : "" }); });
    }
    place.replaceChildren(table);
    if (body.length > longest) {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = `The first ${longest.toLocaleString("en-US")} of ${body.length.toLocaleString("en-US")} lines; the CSV file has all.`;
      place.append(note);
    }
  };

  const give = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const save = async (state, format) => {
    const name = state.element.id || state.figure.key;
    if (format === "csv") return give(`${name}.csv`, new Blob([csv(state.figure)], { type: "text/csv;charset=utf-8" }));
    // The page's drawing may have several panels; the one for paper has them all, light and with its legend.
    const image = state.element.querySelector(".paper img");
    const source = image ? await paper(image) : await onScreen(state);
    if (format === "svg") return give(`${name}.svg`, new Blob([source], { type: "image/svg+xml" }));
    give(`${name}.png`, await raster(source));
  };

  const paper = image => decodeURIComponent(escapeBytes(atob(image.src.split(",", 2)[1])));
  const escapeBytes = bytes => Array.from(bytes, c => "%" + c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const onScreen = async state => decodeURIComponent((await Plotly.toImage(
    state.element.querySelector('[role="img"]'), { format: "svg" })).slice("data:image/svg+xml,".length));
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

  // Shows one figure; called again with newer numbers, it keeps the frame and what is hidden.
  const show = (element, figure) => {
    const before = states.get(element);
    const state = { element, figure, frame: Math.min(before?.frame ?? figure.first, figure.frames.length - 1), hidden: before?.hidden ?? new Set() };
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

  // Figures below the fold are drawn when they come near, so that a long report opens at once.
  const start = () => {
    const near = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        show(target, JSON.parse(target.querySelector("script.data").textContent));
      }
    }, { rootMargin: "600px" });
    for (const element of document.querySelectorAll("figure.figure")) near.observe(element);
    document.addEventListener("themechange", redraw);
    let width = innerWidth, waiting = 0;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(redraw, 120);
    });
  };

  // plotly.js as this page carries it.
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
  return { show, csv, states, ready };
})();
