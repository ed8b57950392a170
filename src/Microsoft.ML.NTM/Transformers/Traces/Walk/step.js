// This step: memory with the heads beside it, links, and each head's numbers.
const detail = document.getElementById("detail");

function drawStep() {
  const scroll = [...detail.querySelectorAll(".scroll")].map(e => e.scrollTop);
  detail.replaceChildren();
  if (trace.slots) {
    memory();
    if (trace.linked) linkage();
  }
  thisStep();
  for (const head of trace.heads) headCard(head);
  [...detail.querySelectorAll(".scroll")].forEach((e, i) => e.scrollTop = scroll[i] ?? 0);
}

function memory() {
  const card = make("div", "card fit", detail), rows = state.all ? Array.from({ length: trace.slots }, (_, i) => i) : trace.used;
  const button = make("button", "switch", card, "change in this step");
  button.setAttribute("aria-pressed", state.change);
  button.title = "The memory, or what this step has changed in it (C)";
  button.onclick = () => { state.change = !state.change; drawStep(); };
  make("h2", "", card, state.change ? "Change of the memory" : "Memory");
  const scroll = make("div", "scroll", card), place = make("div", "side", scroll);
  const height = Math.max(4, Math.min(16, Math.floor(420 / rows.length))), width = Math.max(4, Math.min(16, Math.floor(236 / trace.width)));
  slotLabels(place, rows, height);
  // Writers left, readers right.
  const heads = kind => trace.heads.filter(h => h.startsWith(kind));
  const strip = h => {
    const w = at(h + " weighting", state.step), canvas = make("canvas", "", place);
    heat(canvas, 1, rows.length, 12, height, h.startsWith("read") ? "read" : "write", 1, (_, r) => w[rows[r]]);
    canvas.probe = (x, y) => { const slot = rows[Math.min(rows.length - 1, Math.floor(y / height))]; return `${h} weighting\nslot ${slot}: ${text(w[slot])}`; };
  };
  heads("write").forEach(strip);
  const now = at("memory", state.step), before = state.step ? at("memory", state.step - 1) : null;
  const value = state.change ? i => before ? now[i] - before[i] : NaN : i => now[i];
  const canvas = make("canvas", "", place), { full } = range(seriesOf("memory").values);
  canvas.id = "memory";
  heat(canvas, trace.width, rows.length, width, height, "value", full, (c, r) => value(rows[r] * trace.width + c));
  canvas.probe = (x, y) => {
    const c = Math.min(trace.width - 1, Math.floor(x / width)), slot = rows[Math.min(rows.length - 1, Math.floor(y / height))];
    return `slot ${slot}, number ${c}\n${state.change ? "changed by " : ""}${text(value(slot * trace.width + c))}`;
  };
  heads("read").forEach(strip);
  const legend = make("div", "legend", card), bar = make("i", "", legend), ends = make("span", "", legend);
  legend.style.marginTop = "8px";
  bar.style.background = gradient("value", -full, full, full);
  for (const v of [-full, 0, full]) make("span", "", ends, short(v));
  ends.style.width = bar.style.width = "120px";
  make("p", "", card, `${rows.length} of ${trace.slots} slots; write heads left, read heads right`).style.fontSize = "11px";
}

// Every slot's number where there is room for it.
function slotLabels(place, rows, height) {
  if (height < 9) return;
  const labels = make("div", "labels", place);
  labels.style.cssText = `font-size:${Math.min(10, height - 1)}px;line-height:${height}px`;
  for (const slot of rows) make("div", "", labels, slot);
}

function linkage() {
  const rows = state.all ? Array.from({ length: trace.slots }, (_, i) => i) : trace.used, n = trace.slots, values = trace.linkage(state.step);
  const card = make("div", "card fit", detail);
  make("h2", "", card, "Linkage");
  const size = Math.max(3, Math.min(16, Math.floor(252 / rows.length)));
  const place = make("div", "side", make("div", "scroll", card));
  slotLabels(place, rows, size);
  const canvas = make("canvas", "", place);
  canvas.id = "linkage";
  heat(canvas, rows.length, rows.length, size, size, "value", 1, (c, r) => values[rows[r] * n + rows[c]]);
  canvas.probe = (x, y) => {
    const to = rows[Math.min(rows.length - 1, Math.floor(y / size))], from = rows[Math.min(rows.length - 1, Math.floor(x / size))];
    return `slot ${to} was written after slot ${from}\n${text(values[to * n + from])}`;
  };
  make("p", "", card, "row: written after column").style.cssText = "font-size:11px;margin-top:8px";
}

function strip(place, label, name, kind = "value") {
  const s = seriesOf(name), v = at(name, state.step), size = Math.max(4, Math.min(14, Math.floor(184 / s.width)));
  make("span", "", place, label);
  const canvas = make("canvas", "", make("span", "", place));
  heat(canvas, s.width, 1, size, 14, kind, rangeOf(s).full, c => v[c]);
  canvas.probe = x => { const i = Math.min(s.width - 1, Math.floor(x / size)); return `${name}, number ${i}\n${text(v[i])}`; };
}

function scalar(place, label, name) {
  const s = seriesOf(name), v = at(name, state.step)[0], { low, high } = range(s.values);
  make("span", "", place, label);
  const bar = make("span", "bar", place), track = make("i", "", bar), full = Math.max(1, high);
  make("b", "", track).style.width = `${100 * Math.max(0, Math.min(1, (v - low) / (full - low)))}%`;
  make("span", "", bar, text(v));
}

function bars(place, label, name, labels) {
  const v = at(name, state.step);
  make("span", "", place, label);
  const group = make("span", "bars", place);
  labels.forEach((l, i) => {
    const one = make("span", "", group), track = make("i", "", one);
    make("b", "", track).style.height = `${100 * Math.max(0, Math.min(1, v[i]))}%`;
    make("span", "", one, l);
    one.title = text(v[i]);
  });
}

function thisStep() {
  const card = make("div", "card wide", detail), grid = make("div", "grid", (make("h2", "", card, `Step ${state.step}`), card));
  for (const name of ["inputs", "tokens", "targets", "answers", "error"]) if (trace.series.has(name)) strip(grid, name, name);
}

function headCard(head) {
  const card = make("div", "card " + (head.startsWith("read") ? "read" : "write"), detail);
  make("h2", "", card, head + " head");
  const grid = make("div", "grid", card);
  for (const name of names.filter(n => n.startsWith(head + " "))) {
    const s = seriesOf(name), what = name.slice(head.length + 1);
    if (trace.overSlots(s)) continue;
    if (what === "modes") bars(grid, what, name, ["back", "content", "forth"]);
    else if (what === "shift") bars(grid, what, name, Array.from(at(name, 0), (_, i) => { const by = i - (s.width - 1) / 2; return by > 0 ? "+" + by : String(by); }));
    else if (s.width === 1) scalar(grid, what, name);
    else strip(grid, what, name);
  }
}
