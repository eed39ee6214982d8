"use strict";
// Keeps an open page up to date. The server notifies it of changes; the page fetches its main part again and changes only
// what differs, so that focus, selection, open tables and scroll positions stay.
const dashboard = (() => {
  const pause = 700;
  const live = () => document.getElementById("live");
  const drawn = () => typeof lottery === "undefined" || typeof Plotly === "undefined" ? null : lottery;

  const attributes = (from, to) => {
    for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    for (const { name } of [...from.attributes])
      if (!to.hasAttribute(name) && !(name === "open" || (name === "disabled" && from.id === "compare-button"))) from.removeAttribute(name);
  };

  // charts.js draws a chart: it gets the new numbers.
  const chart = (from, to) => {
    const [before, after] = [from, to].map(element => element.querySelector("script.data"));
    if (before.textContent === after.textContent) return;
    before.textContent = after.textContent;
    from.querySelector("figcaption").replaceChildren(...to.querySelector("figcaption").childNodes);
    if (!from.querySelector("details").open) from.querySelector(".scroll").replaceChildren(...to.querySelector(".scroll").childNodes);
    if (drawn()?.states.has(from)) drawn().show(from, JSON.parse(after.textContent));
  };

  const morph = (from, to) => {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return from.replaceWith(document.importNode(to, true));
    if (from.nodeType !== Node.ELEMENT_NODE) { if (from.data !== to.data) from.data = to.data; return; }
    if (from.matches("figure.chart")) return chart(from, to);
    attributes(from, to);
    children(from, to);
  };

  const children = (from, to) => {
    const known = new Map([...from.children].filter(child => child.id).map(child => [child.id, child]));
    let at = from.firstChild;
    for (const next of [...to.childNodes]) {
      const same = next.id && known.get(next.id);
      if (same) {
        if (same === at) at = at.nextSibling;
        else from.insertBefore(same, at);
        morph(same, next);
      } else if (at && !at.id && !next.id && at.nodeName === next.nodeName) {
        const here = at;
        at = at.nextSibling;
        morph(here, next);
      } else from.insertBefore(document.importNode(next, true), at);
    }
    while (at) {
      const removed = at;
      at = at.nextSibling;
      if (!removed.id || !to.querySelector(`#${CSS.escape(removed.id)}`)) removed.remove();
    }
  };

  const drawNew = () => {
    if (!drawn()) return;
    for (const element of live().querySelectorAll("figure.chart"))
      if (!drawn().states.has(element)) drawn().show(element, JSON.parse(element.querySelector("script.data").textContent));
  };

  let busy = false, again = false, reached = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      do {
        again = false;
        const address = location.href;
        const answer = await fetch(address, { headers: { "Lottery-Part": "main" } });
        reached = true;
        const text = await answer.text();
        if (address !== location.href) { again = true; continue; }
        const part = new DOMParser().parseFromString(text, "text/html").getElementById("live");
        if (part) morph(live(), part);
        drawNew();
        showSelection();
        document.dispatchEvent(new Event("refreshed"));
        if (again) await new Promise(done => setTimeout(done, pause));
      } while (again);
    } catch { reached = false; /* The event stream reports it, and a new one fetches again. */ }
    busy = false;
  };

  // One connection while the page is visible: browsers limit the connections to a server.
  let source = null, last = null;
  const showStatus = text => { const status = document.getElementById("connection"); if (status.textContent !== text) status.textContent = text; };
  const connect = () => {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    source.onmessage = message => {
      showStatus("");
      const numbers = JSON.parse(message.data), now = numbers[live().dataset.follows];
      if (now === last) return;
      last = now;
      refresh();
    };
    source.onerror = () => {
      showStatus("Not connected: lottery serve has stopped or cannot be reached. This page reconnects when it is back.");
      last = null;
      if (source.readyState !== EventSource.CLOSED) return;
      source = null;
      retry();
    };
  };
  // Where the server has no stream to spare, the page asks for itself now and then.
  const retry = () => refresh().then(() => {
    if (reached) showStatus("");
    setTimeout(connect, reached ? 10000 : 1000);
  });
  const disconnect = () => { source?.close(); source = null; };

  // Runs selected for comparison are remembered across pages and filters until they are compared.
  const selectedRuns = () => JSON.parse(sessionStorage.getItem("lottery-compare") ?? "[]");
  const showSelection = () => {
    const form = document.getElementById("compare");
    if (!form) return;
    const ids = selectedRuns(), button = document.getElementById("compare-button");
    const boxes = [...form.querySelectorAll("input[name=run]")];
    for (const box of boxes) box.checked = ids.includes(box.value);
    document.getElementById("compare-all").checked = boxes.length > 0 && boxes.every(box => box.checked);
    button.disabled = ids.length < 2;
    button.textContent = ids.length < 2 ? "Compare" : `Compare ${ids.length} runs`;
  };
  const mostCompared = 40;
  document.addEventListener("change", event => {
    if (event.target.matches("#columns input")) return filter();
    if (!event.target.matches("#compare input[type=checkbox]")) return;
    const boxes = event.target.id === "compare-all" ? [...document.querySelectorAll("#compare input[name=run]")] : [event.target];
    const changed = boxes.map(box => box.value), ids = selectedRuns().filter(id => !changed.includes(id));
    sessionStorage.setItem("lottery-compare", JSON.stringify(event.target.checked ? [...ids, ...changed].slice(0, mostCompared) : ids));
    showSelection();
  });
  document.addEventListener("submit", event => {
    if (event.target.id === "compare") {
      event.preventDefault();
      const ids = selectedRuns();
      sessionStorage.removeItem("lottery-compare");
      location.href = `/compare?${ids.map(id => `run=${id.slice(0, 20)}`).join("&")}`;
    }
    if (event.target.id === "filter") { event.preventDefault(); filter(); }
  });

  // Filtering and sorting fetch the same page with different parameters.
  const go = address => { history.replaceState(null, "", address); return refresh(); };
  const filter = () => go(`/runs?${new URLSearchParams(new FormData(document.getElementById("filter")))}`);
  let typing = 0;
  document.addEventListener("input", event => {
    if (event.target.id !== "q") return;
    clearTimeout(typing);
    typing = setTimeout(filter, 200);
  });
  document.addEventListener("click", event => {
    const link = event.target.closest(".runs thead a, .pager a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href).then(() => { if (link.closest(".pager")) document.querySelector(".scroll.tall").scrollTo(0, 0); });
  });

  document.addEventListener("visibilitychange", () => document.hidden ? disconnect() : connect());
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  showSelection();
  connect();
  return { refresh, morph };
})();
