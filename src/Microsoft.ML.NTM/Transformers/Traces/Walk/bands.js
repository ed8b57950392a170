// The bands: a column per step, a row per number, everything at once.
const bandsPlace = document.getElementById("bands"), tip = document.getElementById("tip");
const make = (tag, className, parent, content) => {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (content !== undefined) e.textContent = content;
  if (parent) parent.append(e);
  return e;
};
const rowsOf = s => trace.overSlots(s) && !state.all ? trace.used : Array.from({ length: s.width }, (_, i) => i);
const isFirst = n => /^(inputs|tokens|targets|answers|error|usage)$| weighting$|(^| )gate$/.test(n) || n === "write weighting";
const order = n => n === "inputs" ? 0 : n === "tokens" ? 1 : n === "targets" ? 2 : n === "answers" ? 3 : n === "error" ? 4
  : /^write/.test(n) ? 5 : /^read/.test(n) ? 6 : 7;
let cell = 8;

function drawBands() {
  bandsPlace.replaceChildren();
  const room = Math.max(300, (innerWidth >= 1180 ? 0.56 * innerWidth : innerWidth - 40) - 116 - 84 - 70);
  cell = Math.max(4, Math.min(22, Math.floor(room / trace.steps)));
  const shown = names.filter(n => state.shown.has(n)).sort((a, b) => order(a) - order(b) || names.indexOf(a) - names.indexOf(b));
  for (const name of shown) band(seriesOf(name));
  const axis = make("div", "band", bandsPlace);
  make("div", "title", axis).innerHTML = "<small>step</small>";
  ticks(make("canvas", "", axis));
  const cursor = make("div", "", bandsPlace);
  cursor.id = "cursor";
  moveCursor();
}

function band(s) {
  const row = make("div", "band", bandsPlace), title = make("div", "title", row, s.name), rows = rowsOf(s);
  const over = trace.overSlots(s);
  make("small", "", title, over ? (rows.length < s.width ? `${rows.length} of ${s.width} slots` : `${s.width} slots`) : s.width > 1 ? `${s.width} numbers` : "");
  const canvas = make("canvas", "walkable", row), kind = kindOf(s.name), { low, high, full } = rangeOf(s);
  if (s.width === 1) line(canvas, s, low, high);
  else {
    const height = Math.max(2, Math.min(12, Math.floor(150 / rows.length)));
    heat(canvas, trace.steps, rows.length, cell, height, kind, kind === "value" ? full : Math.max(1, full), (c, r) => s.values[c * s.width + rows[r]]);
    canvas.probe = (x, y) => {
      const step = clampStep(x / cell), index = rows[Math.max(0, Math.min(rows.length - 1, Math.floor(y / height)))];
      return `${s.name}, step ${step}\n${over ? "slot" : "number"} ${index}: ${text(s.values[step * s.width + index])}`;
    };
  }
  canvas.dataset.series = s.name;
  const legend = make("div", "legend", row), bar = make("i", "", legend);
  const end = kind === "value" ? high : Math.max(1, high);
  bar.style.background = gradient(kind, low, kind === "value" ? full : Math.max(1, full), end);
  if (s.width === 1) bar.remove();
  const ends = make("span", "", legend);
  make("span", "", ends, short(low)); make("span", "", ends, short(end));
}

// One number per step is a line.
function line(canvas, s, low, high) {
  const dpr = Math.max(1, Math.round(window.devicePixelRatio || 1)), width = trace.steps * cell, height = 34, pad = 4, span = (high - low) || 1;
  [canvas.width, canvas.height] = [width * dpr, height * dpr];
  [canvas.style.width, canvas.style.height] = [width + "px", height + "px"];
  const g = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
  g.scale(dpr, dpr);
  g.fillStyle = palette().value[3];
  g.fillRect(0, 0, width, height);
  const y = v => height - pad - (v - low) / span * (height - 2 * pad);
  g.strokeStyle = g.fillStyle = style.getPropertyValue(/^read/.test(s.name) ? "--read" : /^write/.test(s.name) ? "--write" : "--accent");
  g.lineWidth = 1.6;
  g.beginPath();
  for (let step = 0; step < trace.steps; step++) { g.lineTo(step * cell, y(s.values[step])); g.lineTo((step + 1) * cell, y(s.values[step])); }
  g.stroke();
  g.globalAlpha = 0.16;
  g.lineTo(width, y(0)); g.lineTo(0, y(0)); g.fill();
  canvas.probe = x => { const step = clampStep(x / cell); return `${s.name}, step ${step}\n${text(s.values[step])}`; };
}

function ticks(canvas) {
  const dpr = Math.max(1, Math.round(window.devicePixelRatio || 1)), width = trace.steps * cell + 12, height = 16;
  [canvas.width, canvas.height] = [width * dpr, height * dpr];
  [canvas.style.width, canvas.style.height] = [width + "px", height + "px"];
  const g = canvas.getContext("2d");
  g.scale(dpr, dpr);
  g.fillStyle = palette().soft;
  g.font = "11px system-ui, sans-serif";
  g.textAlign = "center";
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find(n => n * cell >= 30) ?? 10000;
  for (let step = 0; step < trace.steps; step += every) g.fillText(step, Math.max(4, (step + 0.5) * cell), 12);
}

function moveCursor() {
  const cursor = document.getElementById("cursor"), canvas = bandsPlace.querySelector("canvas");
  if (!cursor || !canvas) return;
  const last = [...bandsPlace.querySelectorAll("canvas.walkable")].at(-1);
  cursor.style.left = canvas.offsetLeft + state.step * cell - 1.5 + "px";
  cursor.style.width = cell + 2 + "px";
  cursor.style.height = (last ? last.offsetTop + last.offsetHeight : 0) + 2 + "px";
  cursor.style.top = "-1px";
}

const clampStep = s => Math.max(0, Math.min(trace.steps - 1, Math.floor(s)));

function chips() {
  const place = document.getElementById("chips");
  for (const name of names.filter(n => n !== "memory")) {
    const chip = make("button", "", place, name);
    chip.setAttribute("aria-pressed", state.shown.has(name));
    chip.onclick = () => {
      state.shown.has(name) ? state.shown.delete(name) : state.shown.add(name);
      chip.setAttribute("aria-pressed", state.shown.has(name));
      drawBands();
    };
  }
}
