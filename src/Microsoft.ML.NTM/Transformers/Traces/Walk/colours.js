// Colours: blue above 0 and red below, teal where heads read and amber where they write; 0 is the card's quiet ground.
const SCALES = {
  light: {
    value: ["#7d1128", "#c8394a", "#efa59b", "#f4f5f7", "#9cc3ec", "#2f6fc9", "#0b2f73"],
    read: ["#f4f5f7", "#a7dcd5", "#2a9d90", "#0f5f58", "#063a36"],
    write: ["#f4f5f7", "#f6d59a", "#e08a1e", "#9a4a06", "#5c2a02"],
    none: "#e3e6ea", card: "#ffffff", ink: "#16191d", soft: "#667080",
  },
  dark: {
    value: ["#ffc3b8", "#f0705f", "#8a3238", "#1c2129", "#24508f", "#5b9bf0", "#cfe4ff"],
    read: ["#1c2129", "#13514c", "#1a9a8c", "#5fe3d3", "#d6fff9"],
    write: ["#1c2129", "#5d3c0b", "#c07d12", "#fcc74a", "#fff1cf"],
    none: "#2b313b", card: "#161a20", ink: "#e8eaee", soft: "#97a1b0",
  },
};
const state = { step: 0, all: false, change: false, theme: "light", playing: 0, shown: new Set() };
const palette = () => SCALES[state.theme];
const rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));

// 256 colours along the stops.
const tables = {};
function table(kind) {
  const key = state.theme + kind;
  if (!tables[key]) {
    const stops = palette()[kind].map(rgb);
    tables[key] = Array.from({ length: 256 }, (_, i) => {
      const place = i / 255 * (stops.length - 1), low = Math.min(stops.length - 2, Math.floor(place)), share = place - low;
      return stops[low].map((c, k) => Math.round(c + (stops[low + 1][k] - c) * share));
    });
  }
  return tables[key];
}

// What a series is drawn with: its kind, and the value of full colour; 0 is always in the middle or at the start.
const kindOf = name => /^read .*weighting$/.test(name) ? "read" : /^write.*weighting$/.test(name) ? "write" : "value";
function range(values) {
  let low = 0, high = 0;
  for (const v of values) if (Number.isFinite(v)) { if (v < low) low = v; if (v > high) high = v; }
  return { low, high, full: Math.max(-low, high) || 1 };
}
// Errors are seen on the scale of what they are errors of.
const rangeOf = s => s.name !== "error" ? range(s.values)
  : { ...range(s.values), full: Math.max(range(seriesOf("targets").values).full, range(seriesOf("answers").values).full) };
function colour(kind, value, full) {
  if (Number.isNaN(value)) return rgb(palette().none);
  const t = kind === "value" ? 0.5 + 0.5 * value / full : value / full;
  return table(kind)[Math.max(0, Math.min(255, Math.round(255 * t)))];
}
function gradient(kind, low, full, high) {
  const t = v => kind === "value" ? 0.5 + 0.5 * v / full : v / full;
  const parts = Array.from({ length: 9 }, (_, i) => { const v = low + (high - low) * i / 8; return `rgb(${table(kind)[Math.round(255 * Math.max(0, Math.min(1, t(v))))]})`; });
  return `linear-gradient(90deg, ${parts.join(", ")})`;
}

// A grid of cells with crisp edges: value(column, row) is called for each. Cells are whole pixels.
function heat(canvas, columns, rows, cellWidth, cellHeight, kind, full, value) {
  const dpr = Math.max(1, Math.round(window.devicePixelRatio || 1));
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  const pixels = new ImageData(columns, rows);
  for (let r = 0, k = 0; r < rows; r++)
    for (let c = 0; c < columns; c++, k += 4) {
      const [red, green, blue] = colour(kind, value(c, r), full);
      pixels.data[k] = red; pixels.data[k + 1] = green; pixels.data[k + 2] = blue; pixels.data[k + 3] = 255;
    }
  small.getContext("2d").putImageData(pixels, 0, 0);
  const width = columns * cellWidth, height = rows * cellHeight;
  [canvas.width, canvas.height] = [width * dpr, height * dpr];
  [canvas.style.width, canvas.style.height] = [width + "px", height + "px"];
  const g = canvas.getContext("2d");
  g.imageSmoothingEnabled = false;
  g.drawImage(small, 0, 0, canvas.width, canvas.height);
  g.fillStyle = palette().card;
  if (cellWidth >= 6) for (let c = 1; c < columns; c++) g.fillRect(c * cellWidth * dpr - 1, 0, 1, canvas.height);
  if (cellHeight >= 6) for (let r = 1; r < rows; r++) g.fillRect(0, r * cellHeight * dpr - 1, canvas.width, 1);
}
