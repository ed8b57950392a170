// What the trace holds: series by name, and what follows from them.
const raw = JSON.parse(document.getElementById("trace").textContent);
const trace = { row: raw.row, steps: raw.steps, series: new Map() };
for (const { name, width, slots, values } of raw.series) {
  const bytes = Uint8Array.from(atob(values), c => c.charCodeAt(0));
  trace.series.set(name, { name, width, slots, values: new Float32Array(bytes.buffer) });
}

const seriesOf = name => trace.series.get(name);
const at = (name, step) => { const s = seriesOf(name); return s.values.subarray(step * s.width, (step + 1) * s.width); };
const names = [...trace.series.keys()];

// Heads have a weighting; the rest of their series begins with the same words.
trace.heads = names.filter(n => n.endsWith("weighting")).map(n => n.slice(0, -" weighting".length));
[trace.slots, trace.used] = [raw.slots, raw.used];
trace.width = trace.slots ? seriesOf("memory").width / trace.slots : 0;
trace.linked = trace.series.has("precedence");
trace.overSlots = s => s.slots;

// Where the network answers: elsewhere its answers are NaN.
trace.answers = step => trace.series.has("answers") && !Number.isNaN(at("answers", step)[0]);
trace.phase = step => {
  if (trace.answers(step)) return "answers";
  const answersLater = step + 1 < trace.steps && trace.answers(step + 1);
  return answersLater && seriesOf("inputs").width > 1 ? "reads, answers next" : "reads";
};

// The DNC's temporal links after each step, L[i, j] = (1 - w[i] - w[j]) L[i, j] + w[i] p[j] with a diagonal of 0 (Nature 538:471, Methods): made
// of write weightings and precedence, since they are many. Kept for the last step asked for; going back starts from the beginning.
const links = { step: -1, values: null };
trace.linkage = step => {
  const n = trace.slots;
  if (links.step > step || !links.values) { links.step = -1; links.values = new Float32Array(n * n); }
  while (links.step < step) {
    const w = at("write weighting", ++links.step);
    const p = links.step ? at("precedence", links.step - 1) : new Float32Array(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        links.values[i * n + j] = i === j ? 0 : (1 - w[i] - w[j]) * links.values[i * n + j] + w[i] * p[j];
  }
  return links.values;
};

const short = v => v === 0 ? "0" : Math.abs(v) >= 0.01 && Math.abs(v) < 1e4 ? String(+v.toPrecision(3)) : v.toExponential(0);
const text = v => Number.isNaN(v) ? "none" : v === 0 ? "0" : Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5 ? String(+v.toPrecision(4)) : v.toExponential(2);
